"""Sign-in: the managed login page and the clients that may use it."""

from aws_cdk import Duration, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.parts.names import unique_suffix
from infra.stage import Stage

COMMAND_LINE_URL = "http://localhost:8976/"  # where `documind login` waits; Cognito compares the port, too


class Identity(Construct):
    """The login domain; then, where the page is known, a client for it, and on local stages one for passwords."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, people: cognito.UserPool) -> None:
        super().__init__(scope, construct_id)
        self._people, self._stage = people, stage
        self._domain = self._login_page()
        region, pool_id = Stack.of(self).region, people.user_pool_id
        self.issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"
        # The tokens of a local AWS name the issuer that AWS would name, but the keys are at its own address.
        keys = f"{stage.aws_endpoint}/{pool_id}" if stage.is_local else self.issuer
        self.jwks_url = f"{keys}/.well-known/jwks.json"
        self.login_url = stage.aws_endpoint or self._domain.base_url()

    def add_clients(self, website_url: str) -> None:
        """Make the clients: the page's signs in with authorization code and PKCE, and so does the command line."""
        o_auth = cognito.OAuthSettings(
            flows=cognito.OAuthFlows(authorization_code_grant=True),
            scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
            callback_urls=[f"{website_url}/", COMMAND_LINE_URL],
            logout_urls=[f"{website_url}/"],
        )
        # AWS asks that a client of managed login allow the flows it signs in by: with SRP no password is sent.
        # https://docs.aws.amazon.com/cognito/latest/developerguide/authentication-implement.html
        self.website_client = self._client("PageClient", cognito.AuthFlow(user_srp=True), o_auth)
        self.password_client = (
            self._client("PasswordClient", cognito.AuthFlow(user_password=True)) if self._stage.is_local else None
        )
        # `documind admin smoke` signs its user in with it: whoever does must have rights on the pool in IAM.
        self.operator_client = self._client("OperatorClient", cognito.AuthFlow(admin_user_password=True))
        clients = [self.website_client, self.password_client, self.operator_client]
        self.client_ids = ",".join(client.user_pool_client_id for client in clients if client)
        if not self._stage.is_local:  # managed login shows no page to a client without a branding
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

    def _login_page(self) -> cognito.UserPoolDomain:
        # A prefix is required and unique in a region.
        prefix = f"documind-{unique_suffix()}"
        return cognito.UserPoolDomain(
            self,
            "LoginDomain",
            user_pool=self._people,
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
