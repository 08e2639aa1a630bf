"""The WebSocket API, the functions behind its routes, and the stream of expired messages."""

from itertools import pairwise
from typing import Literal

from aws_cdk import Duration, Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_sqs as sqs
from aws_cdk.aws_apigatewayv2_authorizers import WebSocketLambdaAuthorizer
from aws_cdk.aws_apigatewayv2_integrations import WebSocketLambdaIntegration
from constructs import Construct

from documind import wire
from documind.settings import AuthorizerSettings, ConnectSettings, FlushHistorySettings, MessageSettings, Settings
from infra.parts.answering import Answering
from infra.parts.functions import Function, Platform
from infra.parts.queues import queue
from infra.stage import Stage

_STAGE_NAME, _AUTHORIZER = "live", "Authorizer"
_THROTTLE = apigateway.ThrottleSettings(rate_limit=500, burst_limit=1_000)  # frames a second, of all connections
_INTEGRATION_TIMEOUT_S = 29  # https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html
# A connection waits for the authorizer and then the registration. CPU is in proportion to memory, one vCPU at 1,769 MB:
# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
_CONNECT_MEMORY_MB = 1024
_STREAM_KEEPS_H = 24  # https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
_UNTIL_THE_RECORD_IS_TOO_OLD = -1


class Sockets(Construct):
    """The API without its routes: the functions behind them need its address first."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.api = apigateway.WebSocketApi(self, "Api", route_selection_expression="$request.body.type")
        self.stage = apigateway.WebSocketStage(
            self, "Live", web_socket_api=self.api, stage_name=_STAGE_NAME, auto_deploy=True, throttle=_THROTTLE
        )
        stack = Stack.of(self)
        origin = f"https://{self.api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"
        if stage.aws_endpoint:
            origin = f"{stage.aws_endpoint}/_aws/execute-api/{self.api.api_id}"
        self.callback_url = f"{origin}/{_STAGE_NAME}"
        self.url = self.callback_url.replace("http", "ws", 1)

    def grant(self, function: Function, method: Literal["POST", "DELETE"]) -> None:
        """Let `function` post to connections, or close them."""
        name = f"{_STAGE_NAME}/{method}/@connections/*"
        arn = Stack.of(self).format_arn(service="execute-api", resource=self.api.api_id, resource_name=name)
        function.grant("execute-api", "ManageConnections", on=arn)


class Conversation(Construct):
    """Functions for $connect (`authorize`, `connect`), frames (`message`), $disconnect (`flush`), expiry (`expire`)."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        platform: Platform,
        sockets: Sockets,
        messages: dynamodb.Table,
        answering: Answering,
        upload_queue_url: str,
        erasure_queue_url: str,
    ) -> None:
        super().__init__(scope, construct_id)
        authorizer, connect = platform.settings(AuthorizerSettings), platform.settings(ConnectSettings)
        flush = platform.settings(FlushHistorySettings)
        message = platform.settings(
            MessageSettings,
            state_machine_arn=answering.workflow.state_machine_arn,
            answer_function=answering.answer.function.function_name,
            upload_queue_url=upload_queue_url,
            erasure_queue_url=erasure_queue_url,
        )

        def function(name: str, handler: str, settings: Settings, memory_mb: int, timeout_s: int) -> Function:
            return Function(self, name, platform, handler, settings, memory_mb=memory_mb, timeout_s=timeout_s)

        self.authorize = function("Authorize", "connect.authorizer.handler", authorizer, _CONNECT_MEMORY_MB, 10)
        self.connect = function("Connect", "connect.handler.handler", connect, _CONNECT_MEMORY_MB, 10)
        self.message = function("Message", "message.handler.handler", message, 1024, _INTEGRATION_TIMEOUT_S)
        self.flush = function("Flush", "flush_history.handler.handler", flush, 512, 60)
        self.expire = function("Expire", "flush_history.expiry.handler", flush, 512, 60)
        self._route(sockets)
        self.failures = queue(self, "ExpiryFailures", stage=platform.stage, visibility_s=60)
        self._follow_expiry(messages, self.failures)

    def _route(self, sockets: Sockets) -> None:
        api = sockets.api
        authorizer = WebSocketLambdaAuthorizer(
            _AUTHORIZER, self.authorize.function, identity_source=["route.request.querystring.token"]
        )
        connect = WebSocketLambdaIntegration("Connect", self.connect.function)
        disconnect = WebSocketLambdaIntegration("Disconnect", self.flush.function)
        message = WebSocketLambdaIntegration("Message", self.message.function)
        routes = [
            api.add_route("$connect", integration=connect, authorizer=authorizer),
            api.add_route("$disconnect", integration=disconnect),
            *(api.add_route(route, integration=message) for route in [*wire.routes(), "$default"]),
        ]
        # Parts of one API that are made in parallel fail with a "concurrent modification":
        # https://github.com/hashicorp/terraform-provider-aws/issues/18018
        for earlier, later in pairwise([api.node.find_child(_AUTHORIZER), *routes, sockets.stage]):
            later.node.add_dependency(earlier)

    def _follow_expiry(self, messages: dynamodb.Table, failures: sqs.Queue) -> None:
        """Send the messages that TTL deletes, and no other deleted messages, to `expire`.

        Only the stream still holds these messages, and `failures` gets positions in the stream, not records. They are
        therefore retried for as long as the stream keeps them, 24 hours.
        """
        equals = lambda_.FilterRule.is_equal
        expired = {
            "eventName": equals("REMOVE"),
            "userIdentity": {"type": equals("Service"), "principalId": equals("dynamodb.amazonaws.com")},
        }
        self.expire.function.add_event_source(
            sources.DynamoEventSource(
                messages,
                starting_position=lambda_.StartingPosition.TRIM_HORIZON,
                batch_size=100,
                max_batching_window=Duration.seconds(5),
                bisect_batch_on_error=True,
                report_batch_item_failures=True,
                retry_attempts=_UNTIL_THE_RECORD_IS_TOO_OLD,
                max_record_age=Duration.hours(_STREAM_KEEPS_H),
                on_failure=sources.SqsDlq(failures),
                filters=[lambda_.FilterCriteria.filter(expired)],
            )
        )
