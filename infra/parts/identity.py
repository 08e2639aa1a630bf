"""Sign-in: the managed login page and the clients that may use it."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.parts.names import unique_suffix
from infra.stage import Stage

COMMAND_LINE_URL = "http://localhost:8976/"  # redirect of `documind login`; Cognito compares the port too


class Identity(Construct):
    """The login domain and, added once the website's URL is known, the clients of the user pool."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, people: cognito.UserPool) -> None:
        super().__init__(scope, construct_id)
        self._people, self._stage = people, stage
        domain = cognito.UserPoolDomain(
            self,
            "LoginDomain",
            user_pool=people,
            # A prefix is required, and must be unique in the region.
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=f"documind-{unique_suffix()}"),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        region, pool_id = Stack.of(self).region, people.user_pool_id
        self.issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"
        # Tokens of a local AWS have the issuer of AWS, but the keys are at the local address.
        keys = f"{stage.aws_endpoint}/{pool_id}" if stage.is_local else self.issuer
        self.jwks_url = f"{keys}/.well-known/jwks.json"
        self.login_url = stage.aws_endpoint or domain.base_url()

    def add_clients(self, website_url: str) -> None:
        """Add the clients; website and command line share one, with authorization code and PKCE."""
        o_auth = cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
            callback_urls=[f"{website_url}/", COMMAND_LINE_URL],
            logout_urls=[f"{website_url}/"],
        )
        # A client of managed login must allow the flow that the login page uses; with SRP no password is sent.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-implement.html
        self.website_client = self._client("PageClient", cognito.AuthFlow(user_srp=True), o_auth)
        self.password_client = (
            self._client("PasswordClient", cognito.AuthFlow(user_password=True)) if self._stage.is_local else None
        )
        # For `documind admin smoke`; this flow needs IAM permissions on the user pool.
        self.operator_client = self._client("OperatorClient", cognito.AuthFlow(admin_user_password=True))
        clients = [self.website_client, self.password_client, self.operator_client]
        self.client_ids = ",".join(client.user_pool_client_id for client in clients if client)
        if not self._stage.is_local:  # managed login has no page for a client without branding
            cognito.CfnManagedLoginBranding(
                self,
                "Branding",
                user_pool_id=self._people.user_pool_id,
                client_id=self.website_client.user_pool_client_id,
                use_cognito_provided_values=True,
            )

    def _client(
        self, construct_id: str, auth_flows: cognito.AuthFlow, o_auth: cognito.OAuthSettings | None = None
    ) -> cognito.UserPoolClient:
        return cognito.UserPoolClient(
            self,
            construct_id,
            user_pool=self._people,
            generate_secret=False,
            auth_flows=auth_flows,
            o_auth=o_auth,
            disable_o_auth=o_auth is None,
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(7),
        )
