"""Time from a question to the first text of its answer, and to each step before; warm, one question at a time."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

from bench.system import HANDBOOK, connect_as_new_user, deployed_system, set_faults
from documind.ids import new_random_id
from documind.wire import Accepted, Ask, Delta, MessageFrame, ServerFrame
from documind_cli.client import Client
from documind_cli.room import Room
from documind_cli.uploading import upload

QUESTIONS = 30
WARM_UP = 5
SLOW_MODEL_S = 4.0
TUTORIAL_S = 1.055  # until the first text of the tutorial's app, with a model that answers at once
QUESTION = "Who founded the library?"


@dataclass(frozen=True)
class Mark:
    """A frame that shows the end of a step."""

    name: str
    matches: Callable[[ServerFrame], bool]


MARKS = (
    Mark("accepted", lambda frame: isinstance(frame, Accepted)),
    Mark("searching", lambda frame: isinstance(frame, MessageFrame) and frame.searching is not None),
    Mark("first text", lambda frame: isinstance(frame, Delta)),
    Mark("ended", lambda frame: isinstance(frame, MessageFrame) and frame.message.ending is not None),
)


def run() -> None:
    """Print the medians with a model that answers at once, and with one that takes 4 s."""
    with deployed_system() as (_, deployed), Room(lambda _renew: connect_as_new_user(deployed), "Bench") as room:
        client = room.client
        upload(room, HANDBOOK)
        for _ in range(WARM_UP):
            times_of_one(client)
        at_once = [times_of_one(client) for _ in range(QUESTIONS)]
        set_faults(deployed, chat={"delay_s": SLOW_MODEL_S})
        slow = [times_of_one(client) for _ in range(QUESTIONS // 6)]
    print(f"| seconds after the question | p50 | p95 | p50, model takes {SLOW_MODEL_S:.0f} s |\n|---|---|---|---|")
    for mark in MARKS:
        fast = sorted(times[mark.name] for times in at_once)
        later = statistics.median(times[mark.name] for times in slow)
        print(f"| {mark.name} | {statistics.median(fast):.3f} | {fast[int(len(fast) * 0.95)]:.3f} | {later:.3f} |")
    ratio = TUTORIAL_S / statistics.median(times["first text"] for times in at_once)
    print(f"\nThe tutorial's app needs {TUTORIAL_S} s to its first text: {ratio:.1f} times as long.")


def times_of_one(client: Client) -> dict[str, float]:
    """Ask once; return the seconds until the first frame of each mark."""
    question_id = new_random_id()
    frame = Ask(request_id=new_random_id(), chat_id=client.chat_id, question_id=question_id, text=QUESTION)
    started, times = time.perf_counter(), {}
    client.send(frame)
    for received in client.frames():
        for mark in MARKS:
            if mark.name not in times and mark.matches(received):
                times[mark.name] = time.perf_counter() - started
        if "ended" in times:
            return times
    raise AssertionError("the frames of a connection have no end")
