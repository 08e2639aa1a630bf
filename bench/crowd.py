"""Many people in several rooms who ask at the same moment, and the frames that each connection receives."""

import statistics
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from bench.system import HANDBOOK
from documind.ids import new_random_id
from documind.wire import Ask, Delta, Invitation, Message, MessageFrame, Open, Opened, RoomChanged, RoomInvite, RoomJoin
from documind_cli.client import Client
from documind_cli.room import Room
from documind_cli.uploading import upload

QUESTION = "Who founded the library?"
LISTEN_ON_S = 1.0  # after the last ending, for frames that arrive twice


@dataclass
class Asker:
    """One person in a room; times are in seconds after the common start, by question."""

    client: Client
    question_id: str = ""
    first_text_s: dict[str, float] = field(default_factory=dict)
    ended_s: dict[str, float] = field(default_factory=dict)
    endings: list[Message] = field(default_factory=list)

    def ask(self, start: threading.Barrier) -> None:
        """Wait until everybody is ready, then ask."""
        self.question_id = new_random_id()
        frame = Ask(
            request_id=new_random_id(), chat_id=self.client.chat_id, question_id=self.question_id, text=QUESTION
        )
        start.wait()
        self.client.send(frame)

    def listen(self, expected: int, started: float, timeout_s: float) -> None:
        """Record frames until LISTEN_ON_S after `expected` questions have ended, or until the timeout."""
        listen_until = started + timeout_s
        while True:
            try:
                frame = next(self.client.frames(listen_until - time.monotonic()))
            except TimeoutError:
                return
            now = time.monotonic()
            if isinstance(frame, Delta):
                self.first_text_s.setdefault(frame.question_id, now - started)
            if isinstance(frame, MessageFrame) and frame.message.ending:
                self.ended_s.setdefault(frame.message.question_id, now - started)
                self.endings.append(frame.message)
                if len(self.ended_s) == expected:
                    listen_until = min(listen_until, now + LISTEN_ON_S)


@dataclass
class Crowd:
    """Rooms of people; each person is in one room, and each room has a document."""

    rooms: list[list[Asker]]

    @property
    def askers(self) -> list[Asker]:
        return [asker for room in self.rooms for asker in room]

    def ask_at_once(self, timeout_s: float) -> None:
        """Let all ask at the same moment, and wait until each has received all endings in their room."""
        for asker in self.askers:
            asker.first_text_s, asker.ended_s, asker.endings = {}, {}, []
        start = threading.Barrier(len(self.askers) + 1)
        with ThreadPoolExecutor(2 * len(self.askers)) as pool:
            done = [pool.submit(asker.ask, start) for asker in self.askers]
            start.wait()
            started = time.monotonic()
            for room in self.rooms:
                done += [pool.submit(asker.listen, len(room), started, timeout_s) for asker in room]
            for each in done:
                each.result()

    def first_text_s(self) -> list[float]:
        """Return the seconds until the first text of each asker's own answer, sorted; without answers that had none."""
        return sorted(
            first_s for asker in self.askers if (first_s := asker.first_text_s.get(asker.question_id)) is not None
        )

    def ended_s(self) -> list[float]:
        """Return the seconds until the end of each asker's own question, sorted; without those that did not end."""
        return sorted(ended_s for asker in self.askers if (ended_s := asker.ended_s.get(asker.question_id)) is not None)


def gather(connect: Callable[[], Client], *, rooms: int, people: int) -> Crowd:
    """Connect `people` users and distribute them over `rooms` rooms, each with a document."""
    crowd = []
    for room in range(rooms):
        members = [Asker(connect()) for _ in range(room, people, rooms)]
        owner = members[0].client
        opened = Room(lambda _renew, owner=owner: owner, f"Crowd {room}")  # type: ignore[misc]
        upload(opened, HANDBOOK)
        for member in members[1:]:
            join(owner, member.client)
        crowd.append(members)
    return Crowd(crowd)


def join(owner: Client, client: Client) -> Opened:
    """Make a client's user a member of the room that its owner has open, by an invitation, and open it."""
    invited = RoomInvite(request_id=new_random_id(), chat_id=owner.chat_id, role="writer")
    token = owner.request(invited, Invitation).token
    room = client.request(RoomJoin(request_id=new_random_id(), token=token), RoomChanged).room
    return enter(client, room.chat_id)


def enter(client: Client, chat_id: str) -> Opened:
    """Open a room by its id."""
    client.chat_id = chat_id
    return client.request(Open(request_id=new_random_id(), chat_id=chat_id), Opened)


def p50(seconds: list[float]) -> float:
    return statistics.median(seconds)


def p95(seconds: list[float]) -> float:
    """The 95th percentile of sorted times."""
    return seconds[int(len(seconds) * 0.95)]
