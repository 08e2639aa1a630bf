"""The Cognito user pool, which holds the accounts that may sign in."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient


class People:
    """One Cognito user pool."""

    def __init__(self, client: "CognitoIdentityProviderClient", user_pool_id: str) -> None:
        self._client = client
        self._user_pool_id = user_pool_id

    def delete(self, name: str) -> None:
        """Delete the user of a login name; idempotent."""
        try:
            self._client.admin_delete_user(UserPoolId=self._user_pool_id, Username=name)
        except self._client.exceptions.UserNotFoundException:
            return
