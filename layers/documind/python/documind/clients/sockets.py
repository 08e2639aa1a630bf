"""Posts frames to connections through API Gateway's connection management API."""

import logging
from collections.abc import Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from documind.clients import aws
from documind.settings import ConnectSettings
from documind.stores.connections import ConnectionStore
from documind.wire import ErrorFrame, Message, MessageFrame, ServerFrame

if TYPE_CHECKING:
    from mypy_boto3_apigatewaymanagementapi import ApiGatewayManagementApiClient

POSTS_AT_ONCE = 16
TIMEOUT_S = 5  # for one of two tries of a post: the slowest reader delays an answer by at most 10 s

logger = logging.getLogger(__name__)


class Sockets:
    """Posts frames; a connection that is gone is dropped from the fan-out list.

    Concurrent posts to one connection may arrive in any order. Each call, except `post_soon`, returns after all its
    posts have been accepted, so the frames of sequential calls arrive in order.
    """

    def __init__(
        self, client: "ApiGatewayManagementApiClient", connections: ConnectionStore, executor: Executor
    ) -> None:
        self._client = client
        self._connections = connections
        self._executor = executor

    @classmethod
    def from_settings(cls, settings: ConnectSettings, connections: ConnectionStore) -> "Sockets":
        """Return the sockets of these settings, without opening a network connection."""
        config = Config(
            max_pool_connections=POSTS_AT_ONCE,
            connect_timeout=TIMEOUT_S,
            read_timeout=TIMEOUT_S,
            retries={"total_max_attempts": 2, "mode": "standard"},
        )
        client = aws.client("apigatewaymanagementapi", endpoint_url=settings.callback_url, config=config)
        return cls(client, connections, ThreadPoolExecutor(POSTS_AT_ONCE))

    def post(self, connection_id: str, frame: ServerFrame) -> None:
        """Post one frame to one connection."""
        self._post(connection_id, _encoded(frame))

    def post_soon(self, connection_id: str, frame: ServerFrame) -> "Future[bool]":
        """Post one frame to one connection in the background."""
        return self._executor.submit(self._post, connection_id, _encoded(frame))

    def list_soon(self, chat_id: str) -> "Future[list[str]]":
        """Read the fan-out list of a room in the background."""
        return self._executor.submit(self._list, chat_id)

    def post_to_room(self, chat_id: str, *frames: ServerFrame, but: str | None = None) -> None:
        """Broadcast frames to a room, in this order for each connection, `but` one."""
        self.post_to_listed(chat_id, [each for each in self._list(chat_id) if each != but], *frames)

    def post_to_listed(self, chat_id: str, connections: Sequence[str], *frames: ServerFrame) -> None:
        """Post frames to the connections of a fan-out list that was read just before; drop those that are gone."""
        data = [_encoded(frame) for frame in frames]
        posts = {each: self._executor.submit(self._post, each, *data) for each in connections}
        for connection_id, is_there in posts.items():
            if not is_there.result():
                self._drop(chat_id, connection_id)

    def close(self, connection_id: str, reason: ErrorFrame) -> None:
        """Post the reason to a connection and close it; idempotent."""
        self.post(connection_id, reason)
        try:
            self._client.delete_connection(ConnectionId=connection_id)
        except self._client.exceptions.GoneException:
            return
        except (ClientError, BotoCoreError):
            # It is not in a fan-out list any more, and API Gateway closes it after two hours at the latest.
            logger.warning("a connection could not be closed", exc_info=True, extra={"to_connection_id": connection_id})

    def post_message(self, chat_id: str, message: Message | None) -> None:
        """Broadcast a message to its room; do nothing for None, the result of ending a question that had ended."""
        if message:
            self.post_to_room(chat_id, MessageFrame(chat_id=chat_id, message=message))

    def _drop(self, chat_id: str, connection_id: str) -> None:
        try:
            self._connections.drop(chat_id, connection_id)
        except (ClientError, BotoCoreError):
            # It must not end the answer for all: the next broadcast drops the connection.
            logger.warning("a connection could not be dropped", exc_info=True)

    def _list(self, chat_id: str) -> list[str]:
        return [connection.connection_id for connection in self._connections.of_room(chat_id)]

    def _post(self, connection_id: str, *frames: bytes) -> bool:
        """Post frames to one connection in order; False if it is gone."""
        try:
            for frame in frames:
                self._client.post_to_connection(ConnectionId=connection_id, Data=frame)
        except self._client.exceptions.GoneException:
            return False
        except (ClientError, BotoCoreError):
            # A failed post to one reader must not end the answer for all: its client detects the gap and resumes.
            logger.warning("a frame could not be posted", exc_info=True, extra={"to_connection_id": connection_id})
        return True


def _encoded(frame: ServerFrame) -> bytes:
    return frame.model_dump_json().encode()
