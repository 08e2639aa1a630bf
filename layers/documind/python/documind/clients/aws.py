"""boto3 clients, each made at its first use, so that a cold start pays only for the clients that the call needs."""

from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import Loader

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource

SERVICES = (
    "apigatewaymanagementapi",
    "bedrock-runtime",
    "cognito-idp",
    "dynamodb",
    "lambda",
    "s3",
    "sqs",
    "ssm",
    "stepfunctions",
)
# botocore waits 60 s for a connection and for each read: longer than most functions run, and than an ingest's lease.
# https://docs.aws.amazon.com/botocore/latest/reference/config.html
TIMEOUTS = Config(connect_timeout=3, read_timeout=10)
# A request to each hangs once, and the heartbeat of an ingest still comes in time.
OF_HEARTBEATS = {service: Config(connect_timeout=2, read_timeout=3) for service in ("dynamodb", "sqs")}
_MAKING = Lock()  # creating clients from one session is not thread-safe


class _LoaderOfFew(Loader):
    """Lists only the services used here; listing all 400 takes 25 ms of each cold start."""

    def list_available_services(self, type_name: str) -> list[str]:  # noqa: ARG002
        return list(SERVICES)


@cache
def session() -> Any:
    """Return the boto3 session of this process."""
    core = botocore.session.get_session()
    core.register_component("data_loader", _LoaderOfFew())
    core.set_default_client_config(TIMEOUTS)
    return boto3.Session(botocore_session=core)


@cache
def tables() -> "DynamoDBServiceResource":
    """Return the DynamoDB resource, without opening a network connection."""
    made: DynamoDBServiceResource = session().resource("dynamodb", config=OF_HEARTBEATS["dynamodb"])
    return made


def client(service: str, **options: Any) -> Any:
    """Return a proxy of `boto3.client(service, **options)` that creates the client at the first use of an attribute."""
    return _ClientOnFirstUse(service, options)


class _ClientOnFirstUse:
    def __init__(self, service: str, options: dict[str, Any]) -> None:
        self._service = service
        self._options = {"config": OF_HEARTBEATS.get(service), **options}
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        with _MAKING:
            if self._made is None:
                self._made = session().client(self._service, **self._options)
        return getattr(self._made, name)
