"""Frames of one connection that are handled concurrently by different invocations."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from documind.wire import Accepted, ServerFrame
from tests.functional.world import Person, World, all_of
from tests.sizes import size

ROUNDS = size(5, 50)


def both(world: World, first: str, second: str) -> list[ServerFrame]:
    """Send two frames on Ann's connection at the same time; return all frames that it receives."""
    start = Barrier(2)
    seen_before = len(world.api.frames["ann-laptop"])

    def send(frame: str) -> None:
        start.wait(10)
        Person(world, "ann", "ann-laptop").send(frame)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(send, (first, second)))
    return world.api.frames["ann-laptop"][seen_before:]


def test_a_question_asked_twice_is_accepted_twice_and_started_once(world: World, chat_id: str) -> None:
    for number in range(ROUNDS):
        question_id = f"q{number}"
        ask = f'{{"type":"ask","request_id":"r","chat_id":"{chat_id}","question_id":"{question_id}","text":"What?"}}'
        assert len(all_of(Accepted, both(world, ask, ask))) == 2
        assert world.workflow.started.count((chat_id, question_id)) == 1
    assert len(world.live_messages(chat_id)) == len(world.questions.open_in(chat_id)) == ROUNDS


def test_concurrent_queries_of_one_table_get_their_own_results(world: World) -> None:
    """A function posts to a room while it reads, and conditions that the SDK builds are shared by all threads."""
    rooms = [world.person("ann").open(f"room {number}") for number in range(8)]
    with ThreadPoolExecutor(8) as threads:
        for _ in range(size(20, 1_000)):
            read = list(threads.map(lambda chat_id: world.members.read(chat_id)[0].chat_id, rooms))
            assert read == rooms
