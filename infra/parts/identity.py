"""Sign-in: the managed login page and the clients that may use it."""

from aws_cdk import Aws, Duration, Fn, Stack
from aws_cdk import aws_cognito as cognito
from constructs import Construct

from infra.stage import Stage


class Identity(Construct):
    """The login domain and a client for the page (authorization code with PKCE); local stages add one for passwords."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, people: cognito.UserPool) -> None:
        super().__init__(scope, construct_id)
        self._people = people
        self.page_client = self._client(
            "PageClient",
            auth_flows=cognito.AuthFlow(user_srp=True),
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True),
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.PROFILE],
                callback_urls=[f"{stage.page_url}/"],
                logout_urls=[f"{stage.page_url}/"],
            ),
        )
        self.password_client = (
            self._client("PasswordClient", auth_flows=cognito.AuthFlow(user_password=True), disable_o_auth=True)
            if stage.is_local
            else None
        )
        domain = self._login_page(is_local=stage.is_local)
        region, pool_id = Stack.of(self).region, people.user_pool_id
        self.issuer = f"https://cognito-idp.{region}.amazonaws.com/{pool_id}"
        if stage.is_local:  # its tokens name the issuer that AWS would name, but the keys are at its own address
            self.jwks_url = f"{stage.aws_endpoint}/{pool_id}/.well-known/jwks.json"
            self.login_url = f"{stage.aws_endpoint}"
        else:
            self.jwks_url = f"{self.issuer}/.well-known/jwks.json"
            self.login_url = domain.base_url()

    @property
    def client_ids(self) -> str:
        """The clients whose tokens are accepted, separated by commas."""
        clients = [self.page_client, self.password_client]
        return ",".join(client.user_pool_client_id for client in clients if client)

    def _client(
        self,
        construct_id: str,
        *,
        auth_flows: cognito.AuthFlow,
        o_auth: cognito.OAuthSettings | None = None,
        disable_o_auth: bool | None = None,
    ) -> cognito.UserPoolClient:
        return cognito.UserPoolClient(
            self,
            construct_id,
            user_pool=self._people,
            generate_secret=False,
            auth_flows=auth_flows,
            o_auth=o_auth,
            disable_o_auth=disable_o_auth,
            supported_identity_providers=[cognito.UserPoolClientIdentityProvider.COGNITO],
            prevent_user_existence_errors=True,
            access_token_validity=Duration.hours(1),
            id_token_validity=Duration.hours(1),
            refresh_token_validity=Duration.days(7),
        )

    def _login_page(self, *, is_local: bool) -> cognito.UserPoolDomain:
        # A prefix is required and unique in a region: the end of the stack's own id, which no update changes.
        stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
        prefix = f"documind-{Fn.select(4, Fn.split('-', stack_uuid))}"
        domain = cognito.UserPoolDomain(
            self,
            "LoginDomain",
            user_pool=self._people,
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=prefix),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        if not is_local:  # managed login shows no page to a client without a branding
            cognito.CfnManagedLoginBranding(
                self,
                "Branding",
                user_pool_id=self._people.user_pool_id,
                client_id=self.page_client.user_pool_client_id,
                use_cognito_provided_values=True,
            )
        return domain
