"""Asks questions and collects the frames of the server until they have ended."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TypeVar

from documind.ids import new_random_id
from documind.wire import Ask, Delta, HistoryFrame, Message, MessageFrame, Resume, ServerFrame
from documind_cli.answering import Answer
from documind_cli.client import Client
from tests.deployed import STAGE

ANSWER_TIMEOUT_S = STAGE.apology_after_s + 30
FrameT = TypeVar("FrameT", bound=ServerFrame)


@dataclass(frozen=True)
class Asked:
    """A question and the frames received until it ended, in order."""

    question_id: str
    frames: list[ServerFrame]

    def of(self, kind: type[FrameT]) -> list[FrameT]:
        return [frame for frame in self.frames if isinstance(frame, kind)]

    @property
    def end(self) -> Message:
        return self.of(MessageFrame)[-1].message

    @property
    def streamed(self) -> str:
        return assembled(self.of(Delta))


def ask(client: Client, text: str) -> Asked:
    question_id = send_question(client, text)
    return Asked(question_id, until_end(client, question_id))


def send_question(client: Client, text: str) -> str:
    question_id = new_random_id()
    client.send(Ask(request_id=new_random_id(), chat_id=client.chat_id, question_id=question_id, text=text))
    return question_id


def until_end(client: Client, question_id: str, timeout_s: float = ANSWER_TIMEOUT_S) -> list[ServerFrame]:
    """Return all frames up to the message that the question ends with."""
    frames: list[ServerFrame] = []
    for frame in client.frames(timeout_s):
        frames.append(frame)
        if isinstance(frame, MessageFrame) and frame.message.question_id == question_id and frame.message.ending:
            break
    return frames


def until(client: Client, kind: type[FrameT], timeout_s: float = ANSWER_TIMEOUT_S) -> FrameT:
    """Return the next frame of a kind, about any question."""
    return client.wait_for(kind, lambda _: True, timeout_s)


def without_numbers(text: str) -> str:
    """Return the text without its citations."""
    return re.sub(r" ?\[\d+\]", "", text)


def continues(end: Message, streamed: str) -> bool:
    """Tell whether the final text keeps all that was streamed; it may only add citations that the model left out."""
    return without_numbers(end.text).startswith(without_numbers(streamed).rstrip())


def assembled(deltas: Iterable[Delta]) -> str:
    """Assemble an answer as a client does; every delta must continue the text before it."""
    answer = Answer()
    for delta in deltas:
        assert answer.add(delta) == "applied", f"{delta} does not continue {answer.text!r}"
        assert (answer.epoch, answer.seq) == (delta.epoch, delta.seq)
    return answer.text


@dataclass
class Following:
    """An answer assembled as a client does, from frames of any number of connections."""

    question_id: str
    answer: Answer = field(default_factory=Answer)
    end: Message | None = None

    @property
    def text(self) -> str:
        return self.answer.text

    def take(self, client: Client, frame: ServerFrame) -> None:
        told = [frame.message] if isinstance(frame, MessageFrame) else []
        for message in frame.messages if isinstance(frame, HistoryFrame) else told:
            if message.question_id == self.question_id and message.ending:
                self.end = message
        if isinstance(frame, Delta) and frame.question_id == self.question_id and self.answer.add(frame) == "gap":
            client.send(self.resume(client))

    def resume(self, client: Client) -> Resume:
        """Return the frame that asks for the missing deltas."""
        return Resume(
            request_id=new_random_id(),
            chat_id=client.chat_id,
            question_id=self.question_id,
            epoch=self.answer.epoch,
            seq=self.answer.seq,
        )


def follow_answer(client: Client, question_id: str) -> tuple[str, Message]:
    """Follow an answer from its current state; return the assembled text and the ending message."""
    following = Following(question_id)
    for frame in client.frames(ANSWER_TIMEOUT_S):
        following.take(client, frame)
        if following.end:
            return following.text, following.end
    raise AssertionError("the frames of a connection have no end")
