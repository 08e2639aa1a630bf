"""The routes of the WebSocket API and the functions behind them, and what becomes of messages that expire."""

from aws_cdk import Duration
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from documind import wire
from documind.settings import ConnectSettings, FlushHistorySettings, MessageSettings, RoomsSettings
from infra.parts.functions import Platform, ProductFunction
from infra.parts.identity import Identity
from infra.parts.queues import queue
from infra.parts.sockets import Sockets
from infra.parts.storage import Storage

_INTEGRATION_TIMEOUT_S = 29  # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html


class Conversation(Construct):
    """Functions for $connect (`authorize`, `connect`), frames (`message`), $disconnect (`flush`), expiry (`expire`)."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        platform: Platform,
        sockets: Sockets,
        identity: Identity,
        rooms: RoomsSettings,
        storage: Storage,
        workflow: sfn.StateMachine,
    ) -> None:
        super().__init__(scope, construct_id)
        self._platform, stage = platform, platform.stage
        connect = ConnectSettings(
            rooms_table=rooms.rooms_table,
            issuer=identity.issuer,
            jwks_url=identity.jwks_url,
            client_ids=identity.client_ids,
            allowed_origins=stage.page_url,
        )
        flush = FlushHistorySettings(**rooms.model_dump())
        message = MessageSettings(
            **rooms.model_dump(),
            documents_bucket=storage.documents.bucket_name,
            state_machine_arn=workflow.state_machine_arn,
            apology_after_s=stage.apology_after_s,
        )
        self.authorize = self._function("Authorize", "connect.authorizer.handler", connect, memory_mb=256, timeout_s=10)
        self.connect = self._function("Connect", "connect.handler.handler", connect, memory_mb=256, timeout_s=10)
        self.message = self._function(
            "Message", "message.handler.handler", message, memory_mb=512, timeout_s=_INTEGRATION_TIMEOUT_S
        )
        self.flush = self._function("Flush", "flush_history.handler.handler", flush, memory_mb=512, timeout_s=60)
        self.expire = self._function("Expire", "flush_history.expiry.handler", flush, memory_mb=512, timeout_s=60)
        self._route(sockets.api)
        self._follow_expiry(storage.messages)

    def _function(
        self,
        construct_id: str,
        handler: str,
        settings: ConnectSettings | RoomsSettings,
        *,
        memory_mb: int,
        timeout_s: int,
    ) -> ProductFunction:
        return ProductFunction(
            self,
            construct_id,
            platform=self._platform,
            handler=handler,
            settings=settings,
            memory_mb=memory_mb,
            timeout_s=timeout_s,
        )

    def _route(self, api: apigateway.WebSocketApi) -> None:
        authorizer = WebSocketLambdaAuthorizer(
            "Authorizer", self.authorize.function, identity_source=["route.request.querystring.token"]
        )
        connect = WebSocketLambdaIntegration("Connect", self.connect.function)
        api.add_route("$connect", integration=connect, authorizer=authorizer)
        api.add_route("$disconnect", integration=WebSocketLambdaIntegration("Disconnect", self.flush.function))
        message = WebSocketLambdaIntegration("Message", self.message.function)
        for route in [*wire.routes(), "$default"]:
            api.add_route(route, integration=message)

    def _follow_expiry(self, messages: dynamodb.Table) -> None:
        """Send the messages that DynamoDB expires, and no others that are removed, to `expire`."""
        service = {
            "type": lambda_.FilterRule.is_equal("Service"),
            "principalId": lambda_.FilterRule.is_equal("dynamodb.amazonaws.com"),
        }
        failures = queue(self, "ExpiryFailures", stage=self._platform.stage, visibility_s=60)
        self.expire.function.add_event_source(
            sources.DynamoEventSource(
                messages,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=100,
                max_batching_window=Duration.seconds(5),
                bisect_batch_on_error=True,
                report_batch_item_failures=True,
                retry_attempts=5,
                on_failure=sources.SqsDlq(failures),
                filters=[
                    lambda_.FilterCriteria.filter(
                        {"eventName": lambda_.FilterRule.is_equal("REMOVE"), "userIdentity": service}
                    )
                ],
            )
        )
