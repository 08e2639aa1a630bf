"""How many requests are made one after the other between a question and the first text of its answer.

Time is counted in requests: each takes 1, from the time that its caller has reached. Work of an executor begins when it
is submitted, and waiting for it moves the caller to its end. So the result depends on no clock and no thread.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any

import pytest

from tests.functional.world import Person, World, kinds


@dataclass(frozen=True)
class Request:
    """A request to another system with its times; the first one starts at 0 and ends at 1."""

    name: str
    start: int
    end: int


class Requests:
    """All requests, and the time that the running work has reached (`now`)."""

    def __init__(self) -> None:
        self.now = 0
        self.made: list[Request] = []

    def make(self, name: str) -> None:
        self.made.append(Request(name, self.now, self.now + 1))
        self.now += 1

    def before(self, function: Callable[..., Any], name: str) -> Callable[..., Any]:
        """Return the function with a request before each call."""

        def requested(*arguments: Any, **keywords: Any) -> Any:
            self.make(name)
            return function(*arguments, **keywords)

        return requested

    def wait(self, futures: "Iterable[FutureInTime]", _timeout_s: float | None = None) -> None:
        for future in futures:
            self.now = max(self.now, future.ended)


class FutureInTime(Future[Any]):
    """The result of work in an executor, with the time at which it ended."""

    def __init__(self, requests: Requests) -> None:
        super().__init__()
        self._requests = requests
        self.ended = 0

    def done(self) -> bool:
        return self.ended <= self._requests.now

    def result(self, timeout: float | None = None) -> Any:
        self._requests.wait([self])
        return super().result(timeout)


class Aside(Executor):
    """An executor that does work when it is submitted, while no time passes for the caller."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests

    def submit(self, work: Callable[..., Any], /, *arguments: Any, **keywords: Any) -> FutureInTime:
        future, begun = FutureInTime(self._requests), self._requests.now
        try:
            future.set_result(work(*arguments, **keywords))
        except Exception as error:  # noqa: BLE001  (the future carries it on)
            future.set_exception(error)
        future.ended, self._requests.now = self._requests.now, begun
        return future


@pytest.fixture
def requests(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Requests]:
    requests = Requests()
    aside = Aside(requests)
    world.set_up(executor=aside)
    monkeypatch.setattr(world.sockets, "_executor", aside)
    monkeypatch.setattr("answer.answering.wait", requests.wait)
    for part, method in (
        (world.workflow, "start_execution"),
        (world.models, "embed"),
        (world.models, "write_json"),
        (world.models, "stream_answer"),
        (world.search, "find"),
    ):
        monkeypatch.setattr(part, method, requests.before(getattr(part, method), method))

    def count(params: dict[str, Any], model: Any, **_: object) -> None:
        of = list(params.get("ExpressionAttributeValues", {}).values())[1:]
        requests.make(f"{model.name} {of[0]}" if model.name == "Query" and of else model.name)

    world.api.on_post = lambda _connection_id, frame: requests.make(f"post {kinds([frame])[0]}")
    events = world.rooms_table.meta.client.meta.events
    events.register("provide-client-params.dynamodb", count, unique_id="requests")
    yield requests
    events.unregister("provide-client-params.dynamodb", unique_id="requests")


def way(requests: Requests, world: World, ann: Person, question_id: str, text: str) -> dict[int, list[str]]:
    """Ask and answer a question; return the requests that start at each time until the first text is posted."""
    requests.made, requests.now = [], 0
    ann.ask(question_id, text)
    requests.now = next(each.end for each in requests.made if each.name == "start_execution")
    world.run_workflow(ann.room, question_id)
    shown = next(each.end for each in requests.made if each.name == "post delta")
    made = [each for each in requests.made if each.end <= shown]
    return {time: sorted({each.name for each in made if each.start == time}) for time in range(shown)}


@pytest.mark.usefixtures("document")
def test_the_way_to_the_first_text_is_eight_requests_long(requests: Requests, world: World, ann: Person) -> None:
    bob = world.person("bob")
    world.invite(ann.room, "bob")
    bob.enter(ann.room)
    world.models.pieces = ["Mass is inertia [1]."]
    assert way(requests, world, ann, "q1", "What is mass?") == {
        0: ["TransactWriteItems"],  # membership, both budgets, the question
        1: ["post accepted", "start_execution"],
        2: ["Query CONN#", "Query DOC#", "Query ~", "UpdateItem"],  # "~": the last messages; UpdateItem: the claim
        3: ["Query SEG#", "embed", "post message"],
        4: ["find"],
        5: ["stream_answer"],
        6: ["Query CONN#", "UpdateItem"],  # the saved text
        7: ["post delta"],
    }


@pytest.mark.usefixtures("document")
@pytest.mark.parametrize(("put", "most"), [("And energy?", 8), ("How much energy is mass?", 10)])
def test_a_later_standalone_question_takes_no_more_requests(
    requests: Requests, world: World, ann: Person, put: str, most: int
) -> None:
    world.models.pieces = ["Mass is inertia [1]."]
    way(requests, world, ann, "q1", "What is mass?")
    world.models.written = json.dumps({"question": put})
    found = way(requests, world, ann, "q2", "And energy?")
    assert len(found) == most
    assert "write_json" in found[4]
