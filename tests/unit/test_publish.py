"""The publisher with a fake clock: what is shown when, in which pieces, and how it ends."""

from collections.abc import Sequence
from concurrent.futures import Future
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest
from ulid import ULID

from answer.publish import Outcome, Publisher
from answer.reader import Reader
from documind.clients.sockets import Sockets
from documind.stores.connections import ConnectionStore
from documind.stores.conversation import Question, QuestionStore
from documind.wire import Delta, ServerFrame
from documind.wire import Stage as StageFrame
from tests.fakes import NO_TABLE, AtOnce, FakeSocketsApi

if TYPE_CHECKING:
    from answer.services import Services

START = 1_000.0
QUESTION = Question(
    chat_id="c1",
    question_id="q1",
    message_id=str(ULID.from_timestamp(START)),
    sender="Ann",
    user_id="ann",
    asked="What?",
    document_ids=None,
    state="streaming",
    accepted_at=int(START),
    deadline=int(START) + 60,
    run="run-1",
    epoch=3,
    seq=0,
    text="",
    stop=False,
    answer_id=None,
)


def done(result: Any) -> "Future[Any]":
    future: Future[Any] = Future()
    future.set_result(result)
    return future


class Clock:
    """A fake clock that advances only when the code waits or a post takes time."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


class ScriptedReader(Reader):
    """Has these pieces at these times (seconds after the start), and is finished at `finished_at`."""

    def __init__(
        self, clock: Clock, pieces: Sequence[tuple[float, str]], finished_at: float, *, failed: bool = False
    ) -> None:
        super().__init__(_ for _ in ())
        self._clock = clock
        self._script = pieces
        self._finished_at = START + finished_at
        self.failed = failed

    @property
    def refused(self) -> bool:
        return False

    def wait(self, longer_than: int, timeout_s: float) -> tuple[str, bool]:
        until = self._clock.now + max(timeout_s, 0)
        changes = sorted({self._finished_at, *(START + at for at, _ in self._script)})
        for at in (self._clock.now, *changes):
            if self._clock.now <= at <= until:
                self._clock.now = at
                if len(self._text_now()) > longer_than or at >= self._finished_at:
                    return self._text_now(), at >= self._finished_at
        self._clock.now = until
        return self._text_now(), until >= self._finished_at

    def wait_finished(self, timeout_s: float) -> None:
        until = self._clock.now + max(timeout_s, 0)
        self._clock.now = max(self._clock.now, min(until, self._finished_at))

    def _text_now(self) -> str:
        return "".join(piece for at, piece in self._script if START + at <= self._clock.now)


class RecordedQuestions(QuestionStore):
    """Records saves with their times; from `stop_at` or `overtaken_at` on, a save finds a stop or another run."""

    def __init__(self, clock: Clock, log: list[tuple[float, object]]) -> None:
        super().__init__(NO_TABLE, NO_TABLE)
        self._clock = clock
        self._log = log
        self.stop_at = self.overtaken_at = 1e9

    def save(self, question: Question, text: str) -> Question | None:
        assert question == QUESTION
        self._log.append((round(self._clock.now - START, 3), text))
        if self._clock.now >= START + self.overtaken_at:
            return None
        saved = {"text": text, "seq": len(text), "stop": self._clock.now >= START + self.stop_at}
        return QUESTION.model_copy(update=saved)


class RecordedSockets(Sockets):
    """Records posts to the room with their times; each post takes `post_s` seconds."""

    def __init__(self, clock: Clock, log: list[tuple[float, object]]) -> None:
        super().__init__(FakeSocketsApi().as_client(), ConnectionStore(NO_TABLE), AtOnce())
        self._clock = clock
        self._log = log
        self.post_s = 0.0
        self.lists = 0

    def list_soon(self, chat_id: str) -> Future[list[str]]:
        assert chat_id == "c1"
        self.lists += 1
        return done(["ann-laptop"])

    def post_to_room(self, chat_id: str, *frames: ServerFrame, but: str | None = None) -> None:
        assert but is None
        self.post_to_listed(chat_id, ["ann-laptop"], *frames)

    def post_to_listed(self, chat_id: str, connections: Sequence[str], *frames: ServerFrame) -> None:
        assert (chat_id, connections) == ("c1", ["ann-laptop"])
        self._log += [(round(self._clock.now - START, 3), frame) for frame in frames]
        self._clock.now += self.post_s


class Stage:
    """A publisher with its fakes; `log` has saves (texts) and posts (frames) with their times."""

    def __init__(self) -> None:
        self.clock = Clock()
        self.log: list[tuple[float, object]] = []
        self.questions = RecordedQuestions(self.clock, self.log)
        self.sockets = RecordedSockets(self.clock, self.log)
        settings = SimpleNamespace(apology_after_s=60)
        parts = SimpleNamespace(questions=self.questions, sockets=self.sockets, executor=AtOnce(), settings=settings)
        self.services = cast("Services", parts)

    def publish(
        self, *pieces: tuple[float, str], finished_at: float, failed: bool = False, end_at: float = 140
    ) -> Outcome:
        publisher = Publisher(self.services, QUESTION, done(None), end_at=START + end_at)
        return publisher.publish(ScriptedReader(self.clock, pieces, finished_at, failed=failed))

    @property
    def deltas(self) -> list[tuple[float, Delta]]:
        return [(at, entry) for at, entry in self.log if isinstance(entry, Delta)]

    @property
    def posted(self) -> list[tuple[float, str]]:
        return [(at, delta.text) for at, delta in self.deltas]

    @property
    def posted_types(self) -> list[tuple[float, type]]:
        return [(at, type(entry)) for at, entry in self.log if not isinstance(entry, str)]

    @property
    def saved(self) -> list[tuple[float, object]]:
        return [(at, entry) for at, entry in self.log if isinstance(entry, str)]

    @property
    def ended_at(self) -> float:
        return round(self.clock.now - START, 3)


@pytest.fixture
def stage(monkeypatch: pytest.MonkeyPatch) -> Stage:
    stage = Stage()
    monkeypatch.setattr("answer.publish.time", stage.clock)
    return stage


def steadily(piece: str, *, every_s: float, until_s: float) -> list[tuple[float, str]]:
    return [(round(number * every_s, 3), piece) for number in range(1, int(until_s / every_s) + 1)]


def test_the_first_text_is_shown_at_once_and_the_rest_every_quarter_second(stage: Stage) -> None:
    pieces = steadily("x", every_s=0.05, until_s=1)
    assert stage.publish(*pieces, finished_at=1.02) is Outcome.WRITTEN
    assert stage.posted[0] == (0.05, "x")
    assert [at for at, _ in stage.posted] == pytest.approx([0.05, 0.3, 0.55, 0.8])
    assert stage.ended_at == pytest.approx(1.02)  # the last words are not posted: the final message has them


def test_after_five_seconds_it_slows_down(stage: Stage) -> None:
    stage.publish(*steadily("x", every_s=0.05, until_s=8), finished_at=8)
    times = [at for at, _ in stage.posted]
    gaps = [round(later - earlier, 3) for earlier, later in pairwise(times)]
    assert {gap for gap, at in zip(gaps, times, strict=False) if at < 5} == {0.25}
    assert {gap for gap, at in zip(gaps, times, strict=False) if at > 5} == {0.4}


def test_every_delta_continues_the_one_before(stage: Stage) -> None:
    stage.publish(*steadily("質😀", every_s=0.03, until_s=7), finished_at=7)
    deltas = [delta for _, delta in stage.deltas]
    assert deltas[0].after == 0
    assert all(delta.seq == delta.after + len(delta.text) for delta in deltas)
    assert all(later.after == earlier.seq for earlier, later in pairwise(deltas))
    assert {delta.epoch for delta in deltas} == {3}


def test_what_is_shown_was_saved_before(stage: Stage) -> None:
    stage.publish(*steadily("x", every_s=0.1, until_s=3), finished_at=3)
    for index, (_, entry) in enumerate(stage.log):
        if isinstance(entry, Delta):
            _, saved = stage.log[index - 1]
            assert isinstance(saved, str)
            assert len(saved) == entry.seq


def test_slow_posts_do_not_overlap_and_text_received_meanwhile_is_posted_together(stage: Stage) -> None:
    stage.sockets.post_s = 1.0
    stage.publish(*steadily("x", every_s=0.1, until_s=3), finished_at=3.05)
    assert [at for at, _ in stage.posted] == pytest.approx([0.1, 1.1, 2.1])
    assert [text for _, text in stage.posted] == ["x", "x" * 10, "x" * 10]


def test_an_answer_that_comes_at_once_is_shown_before_it_ends(stage: Stage) -> None:
    assert stage.publish((0, "All of it."), finished_at=0) is Outcome.WRITTEN
    assert stage.posted == [(0, "All of it.")]


def test_a_silent_model_is_given_up_at_the_time_of_the_apology(stage: Stage) -> None:
    assert stage.publish(finished_at=1_000) is Outcome.SILENT
    assert stage.ended_at == 60
    assert stage.posted == []
    assert {text for _, text in stage.saved} == {""}


def test_a_model_that_starts_just_before_the_apology_may_continue(stage: Stage) -> None:
    assert stage.publish((59.9, "At last"), (70, ", an answer"), finished_at=71) is Outcome.WRITTEN
    assert stage.posted == [(59.9, "At last"), (70, ", an answer")]


def test_a_model_that_stops_sending_is_given_up_at_the_end_of_the_answer_time(stage: Stage) -> None:
    assert stage.publish((1, "Half"), finished_at=1_000, end_at=140) is Outcome.FAILED
    assert 140 <= stage.ended_at <= 142


def test_an_endless_answer_is_given_up_at_the_end_of_the_answer_time(stage: Stage) -> None:
    pieces = steadily("x", every_s=1, until_s=200)
    assert stage.publish(*pieces, finished_at=1_000, end_at=140) is Outcome.FAILED
    assert 140 <= stage.ended_at <= 142


@pytest.mark.parametrize("text", ["", "Half an ans"])
def test_a_broken_stream_is_a_failure_with_or_without_text(stage: Stage, text: str) -> None:
    pieces = [(1.0, text)] if text else []
    assert stage.publish(*pieces, finished_at=2, failed=True) is Outcome.FAILED


def test_an_empty_answer_is_a_failure(stage: Stage) -> None:
    assert stage.publish(finished_at=2) is Outcome.FAILED
    assert stage.ended_at == 2


@pytest.mark.parametrize("pieces", [[], [(0.5, "Some text")]], ids=["silent", "speaking"])
def test_a_stop_is_noticed_within_two_seconds(stage: Stage, pieces: list[tuple[float, str]]) -> None:
    stage.questions.stop_at = 5
    assert stage.publish(*pieces, finished_at=1_000) is Outcome.STOPPED
    assert 5 <= stage.ended_at <= 7.001
    assert all(at < 5 for at, _ in stage.posted)


@pytest.mark.parametrize("pieces", [[], steadily("x", every_s=0.1, until_s=20)], ids=["silent", "speaking"])
def test_an_overtaken_run_posts_nothing_more(stage: Stage, pieces: list[tuple[float, str]]) -> None:
    stage.questions.overtaken_at = 5
    assert stage.publish(*pieces, finished_at=1_000) is Outcome.OVERTAKEN
    assert stage.ended_at <= 7.001
    assert all(at < 5 for at, _ in stage.posted)


def test_a_run_without_new_text_still_saves_as_a_heartbeat(stage: Stage) -> None:
    stage.publish((1, "Half"), (40, " the rest"), finished_at=41)
    times = [at for at, _ in stage.saved]
    assert max(later - earlier for earlier, later in pairwise(times)) <= 2.001


def test_a_stage_is_posted_if_the_model_takes_more_than_a_second_to_begin(stage: Stage) -> None:
    stage.publish((1.5, "All of it."), finished_at=2)
    assert stage.posted_types == [(1, StageFrame), (1.5, Delta)]


def test_no_stage_is_posted_if_the_model_begins_sooner(stage: Stage) -> None:
    stage.publish((0.9, "All of it."), finished_at=1)
    assert stage.posted_types == [(0.9, Delta)]
