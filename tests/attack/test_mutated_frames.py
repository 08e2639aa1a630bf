"""Sends thousands of frames mutated from the JSON Schema over several connections: each gets an answer."""

import json
import logging
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from documind.errors import Code
from documind.wire import MAX_FRAME_BYTES, ErrorFrame, Invitation, RoomInvite, ServerFrame, User, parse
from message.rate import Rate
from tests.attack.frames import NAMES, Frames, is_allowed
from tests.functional.world import Person, World, all_of, only
from tests.sizes import size

FRAMES = size(300, 10_000)
OF_ONE_ROOM = 100
MALFORMED = {Code.FRAME_INVALID, Code.FRAME_UNKNOWN, Code.FRAME_TOO_LARGE}
ROLES = ("owner", "writer", "reader", "stranger")


@dataclass
class Sent:
    """A frame and the frames that its sender received meanwhile."""

    text: str
    frames: list[ServerFrame]

    @property
    def refusals(self) -> set[Code]:
        return {error.code for error in all_of(ErrorFrame, self.frames)}


def attack(world: World, number: int, threads: ThreadPoolExecutor) -> list[Sent]:
    """Let all roles of a new room send mutated frames at the same time; return these with the replies."""
    people = {role: world.person(f"{role}-{number}") for role in ROLES}
    owner = people["owner"]
    chat_id = owner.open()
    world.invite(chat_id, people["writer"].user_id)
    world.invite(chat_id, people["reader"].user_id, "reader")
    document = world.ready_document(chat_id, "Mass is inertia.", by=User(user_id=owner.user_id, name="Owner"))
    owner.ask()
    token = only(Invitation, owner.send(RoomInvite(request_id="r", chat_id=chat_id, role="writer"))).token
    known = {
        "chat_id": [chat_id],
        "token": [token],
        "question_id": ["q1", "q2"],
        "document_id": [document.document_id],
        "user_id": [person.user_id for person in people.values()],
        "name": [person.user_id for person in people.values()],
    }

    def send(person: Person) -> list[Sent]:
        seed = f"{number} {person.user_id}"
        frames = Frames(random.Random(seed), known)  # noqa: S311
        return [Sent(text, person.send(text)) for text in (frames.mutated() for _ in range(OF_ONE_ROOM // len(ROLES)))]

    return [each for sent in threads.map(send, people.values()) for each in sent]


def test_every_mutated_frame_is_answered_and_none_breaks_anything(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(Rate, "check", lambda *_: None)
    with ThreadPoolExecutor(len(ROLES)) as threads, caplog.at_level(logging.ERROR):
        for number in range(FRAMES // OF_ONE_ROOM):
            for sent in attack(world, number, threads):
                assert sent.frames, f"silence: {sent.text!r}"
                assert Code.INTERNAL not in sent.refusals, sent.text
                malformed = bool(sent.refusals & MALFORMED)
                too_large = len(sent.text.encode(errors="surrogatepass")) > MAX_FRAME_BYTES
                assert malformed is (too_large or not is_allowed(sent.text)), (sent.text, sent.refusals)
            assert not [record for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("name", NAMES)
def test_frames_made_from_the_schema_are_allowed_by_it_and_unchanged_by_parsing(name: str) -> None:
    frames = Frames(random.Random(name), {})  # noqa: S311
    for _ in range(size(20, 200)):
        body = json.dumps(frames.valid(name))
        assert is_allowed(body)
        parsed = parse(body.encode())
        assert parsed is not None
        assert parse(parsed.model_dump_json().encode()) == parsed
