"""Showing an answer while it is written: saved first, then posted, in an order every client can check."""

import time
from collections.abc import Callable
from enum import Enum, auto
from typing import TYPE_CHECKING

from answer.reader import Reader
from documind import metrics
from documind.clients.sockets import Sockets
from documind.ids import created_at
from documind.stores.conversation import Question, QuestionStore
from documind.wire import Delta, Stage, StageName

if TYPE_CHECKING:
    from concurrent.futures import Executor, Future

READING_AFTER_S = 1  # a model that takes longer to begin is said to read; a sooner text says more than that
FIRST_INTERVAL_S = 0.25
LATER_INTERVAL_S = 0.4
LATER_AFTER_S = 5
HEARTBEAT_S = 2  # how soon a stop is noticed while the model says nothing


class Outcome(Enum):
    """Why publishing came to an end."""

    WRITTEN = auto()
    REFUSED = auto()  # by the model
    FAILED = auto()  # the model's stream broke, said nothing, or took too long
    SILENT = auto()  # nothing to show when the time of the apology came
    STOPPED = auto()
    OVERTAKEN = auto()  # the question has ended, or belongs to another run


class Posts:
    """What a run posts in the background: its question, then stages, in this order for each connection.

    Only what is posted next has to wait for them, so the slowest reader of a room delays no search and no model.
    """

    def __init__(self, executor: "Executor", sockets: Sockets, question: Question, shown: "Future[None]") -> None:
        self._executor = executor
        self._sockets = sockets
        self._question = question
        self._last = shown

    def stage(self, name: StageName) -> None:
        """Broadcast a stage once what came before has been accepted."""
        stage = Stage(chat_id=self._question.chat_id, question_id=self._question.question_id, name=name)
        self._last = self._executor.submit(self._after, self._last, stage)

    def wait(self) -> None:
        """Return once all have been accepted."""
        self._last.result()

    def _after(self, last: "Future[None]", stage: Stage) -> None:
        last.result()
        self._sockets.post_to_room(stage.chat_id, stage)


class Publisher:
    """Publishes one answer. A post is made when the one before has been taken, so that each connection gets them
    in order; what came meanwhile goes into the next.
    """

    def __init__(
        self,
        questions: QuestionStore,
        sockets: Sockets,
        question: Question,
        posts: Posts,
        *,
        apology_at: float,
        end_at: float,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._questions = questions
        self._sockets = sockets
        self._question = question
        self._posts = posts
        self._apology_at = apology_at
        self._end_at = end_at
        self._clock = clock
        self._shown = 0
        self.first_text_at: float | None = None  # seconds since 1970

    def publish(self, reader: Reader) -> Outcome:
        """Publish until the answer is written, fails, is stopped or overtaken; the final message has the rest."""
        started = saved = self._clock()
        if reader.wait(0, min(READING_AFTER_S, self._apology_at - started)) == ("", False):
            self._posts.stage("reading")
        while True:
            wait_until = saved + HEARTBEAT_S if self._shown else min(saved + HEARTBEAT_S, self._apology_at)
            text, finished = reader.wait(self._shown, wait_until - self._clock())
            if finished and (self._shown or not text):
                if reader.failed or not (text or reader.refused):
                    return Outcome.FAILED
                return Outcome.REFUSED if reader.refused else Outcome.WRITTEN
            listed = self._sockets.list_soon(self._question.chat_id) if len(text) > self._shown else None
            question = self._questions.save(self._question, text)
            saved = self._clock()
            if question is None:
                return Outcome.OVERTAKEN
            if question.stop:
                return Outcome.STOPPED
            if listed:
                self._post(text, listed)
                interval_s = LATER_INTERVAL_S if saved - started > LATER_AFTER_S else FIRST_INTERVAL_S
                reader.wait_finished(saved + interval_s - self._clock())
            elif not self._shown and self._clock() >= self._apology_at:
                return Outcome.SILENT
            if self._clock() >= self._end_at:
                return Outcome.FAILED

    def _post(self, text: str, listed: "Future[list[str]]") -> None:
        chat_id = self._question.chat_id
        delta = Delta(
            chat_id=chat_id,
            question_id=self._question.question_id,
            epoch=self._question.epoch,
            after=self._shown,
            seq=len(text),
            text=text[self._shown :],
        )
        self._posts.wait()
        self._sockets.post_to_listed(chat_id, listed.result(), delta)
        if not self._shown:
            self.first_text_at = self._clock()
            metrics.emit(metrics.FIRST_TEXT, self.first_text_at - created_at(self._question.message_id))
        self._shown = len(text)
