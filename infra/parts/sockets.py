"""The WebSocket API, its two addresses and the right to post to its connections."""

from aws_cdk import Stack
from aws_cdk import aws_apigatewayv2 as apigateway
from constructs import Construct

from infra.parts.functions import ProductFunction
from infra.stage import Stage

_STAGE_NAME = "live"


class Sockets(Construct):
    """An API without routes yet: who answers them needs its address first."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.api = apigateway.WebSocketApi(self, "Api", route_selection_expression="$request.body.type")
        apigateway.WebSocketStage(self, "Live", web_socket_api=self.api, stage_name=_STAGE_NAME, auto_deploy=True)
        if stage.aws_endpoint:
            self.callback_url = f"{stage.aws_endpoint}/_aws/execute-api/{self.api.api_id}/{_STAGE_NAME}"
            self.url = self.callback_url.replace("http", "ws", 1)
        else:
            stack = Stack.of(self)
            host = f"{self.api.api_id}.execute-api.{stack.region}.{stack.url_suffix}"
            self.callback_url = f"https://{host}/{_STAGE_NAME}"
            self.url = f"wss://{host}/{_STAGE_NAME}"

    def let_post(self, function: ProductFunction) -> None:
        """Let `function` post to connections."""
        posts = f"{_STAGE_NAME}/POST/@connections/*"
        arn = Stack.of(self).format_arn(service="execute-api", resource=self.api.api_id, resource_name=posts)
        function.allow("execute-api:ManageConnections", on=[arn])
