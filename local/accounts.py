"""Users of the local user pool: created without mail, signed in by password with a client of local stages only."""

import contextlib
from dataclasses import dataclass

from botocore.exceptions import ClientError

from local import aws
from local.deployment import Deployment


@dataclass(frozen=True)
class Tokens:
    """The result of a sign-in; `expires_in` is in seconds."""

    access_token: str
    expires_in: int


def create_user(deployment: Deployment, user: str, password: str) -> None:
    """Create a user with a permanent password; an existing user gets this password."""
    cognito = aws.client(deployment.aws_endpoint, "cognito-idp")
    pool = deployment.outputs["UserPoolId"]
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool, Username=user, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(UserPoolId=pool, Username=user, Password=password, Permanent=True)


def sign_in(deployment: Deployment, user: str, password: str) -> Tokens:
    """Sign in with a password; raises botocore's ClientError (NotAuthorizedException) when it is wrong."""
    answer = aws.client(deployment.aws_endpoint, "cognito-idp").initiate_auth(
        AuthFlow="USER_PASSWORD_AUTH",
        ClientId=deployment.outputs["PasswordClientId"],
        AuthParameters={"USERNAME": user, "PASSWORD": password},
    )
    result = answer["AuthenticationResult"]
    return Tokens(result["AccessToken"], result["ExpiresIn"])


def sign_in_or_up(deployment: Deployment, user: str, password: str) -> Tokens:
    """Sign a user in; create a new one, and set the password of one that has another."""
    try:
        return sign_in(deployment, user, password)
    except ClientError:
        create_user(deployment, user, password)
        return sign_in(deployment, user, password)
