"""Posting frames: all connections get them, failures are independent, and ended connections are forgotten."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from documind.clients.sockets import Sockets
from documind.stores.connections import Connection, ConnectionStore
from documind.wire import Pong, ServerFrame, User
from tests.fakes import NO_TABLE, AtOnce, FakeSocketsApi


class ListedConnections(ConnectionStore):
    """Three connections in every room, except those that were dropped."""

    def __init__(self) -> None:
        super().__init__(NO_TABLE)
        self.listed = ["one", "two", "three"]

    def of_room(self, chat_id: str) -> list[Connection]:
        assert chat_id == "c1"
        user = User(user_id="ann", name="Ann")
        return [Connection(connection_id, user) for connection_id in self.listed]

    def drop(self, chat_id: str, connection_id: str) -> None:
        assert chat_id == "c1"
        self.listed.remove(connection_id)


@pytest.fixture
def api() -> FakeSocketsApi:
    return FakeSocketsApi()


@pytest.fixture
def connections() -> ListedConnections:
    return ListedConnections()


@pytest.fixture
def sockets(api: FakeSocketsApi, connections: ListedConnections) -> Sockets:
    return Sockets(api.as_client(), connections, AtOnce())


def reached(api: FakeSocketsApi) -> set[str]:
    return {connection_id for connection_id, frames in api.frames.items() if frames}


def test_all_but_one_may_get_it(api: FakeSocketsApi, sockets: Sockets) -> None:
    sockets.post_to_room("c1", Pong(), but="two")
    assert reached(api) == {"one", "three"}


def test_an_ended_connection_is_forgotten_and_the_others_get_the_frame(
    api: FakeSocketsApi, sockets: Sockets, connections: ListedConnections
) -> None:
    api.gone.add("one")
    sockets.post_to_room("c1", Pong())
    assert reached(api) == {"two", "three"}
    assert connections.listed == ["two", "three"]


@pytest.mark.parametrize(
    "trouble",
    [
        ClientError({"Error": {"Code": "LimitExceededException"}}, "PostToConnection"),
        ReadTimeoutError(endpoint_url="https://callback"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_failure_of_one_connection_does_not_affect_others(
    api: FakeSocketsApi, sockets: Sockets, connections: ListedConnections, trouble: Exception
) -> None:
    api.failing["one"] = trouble
    sockets.post_to_room("c1", Pong())
    sockets.post("one", Pong())
    assert reached(api) == {"two", "three"}
    assert connections.listed == ["one", "two", "three"]


def test_an_ended_connection_that_cannot_be_dropped_does_not_affect_others(
    api: FakeSocketsApi, sockets: Sockets, connections: ListedConnections, monkeypatch: pytest.MonkeyPatch
) -> None:
    def throttled(*_: object) -> None:
        raise ClientError({"Error": {"Code": "ProvisionedThroughputExceededException"}}, "DeleteItem")

    monkeypatch.setattr(connections, "drop", throttled)
    api.gone.add("one")
    sockets.post_to_room("c1", Pong())
    assert reached(api) == {"two", "three"}


def test_a_defect_of_ours_is_not_hidden(api: FakeSocketsApi, sockets: Sockets) -> None:
    api.failing["three"] = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        sockets.post_to_room("c1", Pong())


def test_posts_of_one_frame_run_in_parallel_and_all_are_complete_at_the_end(
    api: FakeSocketsApi, connections: ListedConnections
) -> None:
    together = Barrier(3, timeout=5)

    def wait_for_the_others(_connection_id: str, _frame: ServerFrame) -> None:
        together.wait()

    api.on_post = wait_for_the_others
    with ThreadPoolExecutor(3) as executor:
        Sockets(api.as_client(), connections, executor).post_to_room("c1", Pong())
        assert reached(api) == {"one", "two", "three"}


def test_each_connection_gets_several_frames_in_their_order(
    api: FakeSocketsApi, connections: ListedConnections
) -> None:
    frames = [Pong(request_id=str(number)) for number in range(20)]
    with ThreadPoolExecutor(3) as executor:
        sockets = Sockets(api.as_client(), connections, executor)
        sockets.post_to_listed("c1", sockets.list_soon("c1").result(), *frames)
    assert dict(api.frames) == dict.fromkeys(("one", "two", "three"), frames)
