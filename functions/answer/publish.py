"""Publishes an answer while it is generated: saves first, then posts, with positions that clients can check."""

from enum import Enum, auto
from time import time
from typing import TYPE_CHECKING

from answer.reader import Reader
from answer.services import Services
from documind import metrics
from documind.ids import created_at
from documind.stores.conversation import Question
from documind.wire import Delta, Stage, StageName

if TYPE_CHECKING:
    from concurrent.futures import Future

READING_AFTER_S = 1  # the stage `reading` is posted if the first text takes longer
FIRST_INTERVAL_S = 0.25
LATER_INTERVAL_S = 0.4
LATER_AFTER_S = 5
HEARTBEAT_S = 2  # between saves without new text; each save returns whether the user has stopped the answer


class Outcome(Enum):
    """Why publishing ended."""

    WRITTEN = auto()
    REFUSED = auto()  # by the model
    FAILED = auto()  # the model's stream broke, said nothing, or took too long
    SILENT = auto()  # nothing to show when the time of the apology came
    STOPPED = auto()
    OVERTAKEN = auto()  # the question has ended, or belongs to another run


class Publisher:
    """Posts the frames of a run, each after those before it have been accepted, so each connection gets them in order.

    Text that arrives during a post goes into the next frame. `shown` is the post of the question. It and the stages are
    posted in the background, so a slow connection delays neither search nor model. Times are seconds since 1970.
    """

    def __init__(self, services: Services, question: Question, shown: "Future[None]", *, end_at: float) -> None:
        self._services = services
        self._question = question
        self._last_post = shown
        self._end_at = end_at
        self._shown = 0
        self.apology_at = question.accepted_at + services.settings.apology_after_s
        self.first_text_at: float | None = None

    def post_stage(self, name: StageName) -> None:
        """Broadcast a stage in the background."""
        stage = Stage(chat_id=self._question.chat_id, question_id=self._question.question_id, name=name)
        self._last_post = self._services.executor.submit(self._post_after, self._last_post, stage)

    def wait(self) -> None:
        """Wait until all frames posted in the background have been accepted."""
        self._last_post.result()

    def publish(self, reader: Reader) -> Outcome:
        """Publish until the answer is finished, fails, is stopped or overtaken; the final message has the rest."""
        started = saved = time()
        if reader.wait(0, min(READING_AFTER_S, self.apology_at - started)) == ("", False):
            self.post_stage("reading")
        while True:
            wait_until = saved + HEARTBEAT_S if self._shown else min(saved + HEARTBEAT_S, self.apology_at)
            text, finished = reader.wait(self._shown, wait_until - time())
            if finished and (self._shown or not text):
                if reader.failed or not (text or reader.refused):
                    return Outcome.FAILED
                return Outcome.REFUSED if reader.refused else Outcome.WRITTEN
            listed = self._services.sockets.list_soon(self._question.chat_id) if len(text) > self._shown else None
            question = self._services.questions.save(self._question, text)
            saved = time()
            if question is None:
                return Outcome.OVERTAKEN
            if question.stop:
                return Outcome.STOPPED
            if listed:
                self._post(text, listed)
                interval_s = LATER_INTERVAL_S if saved - started > LATER_AFTER_S else FIRST_INTERVAL_S
                reader.wait_finished(saved + interval_s - time())
            elif not self._shown and time() >= self.apology_at:
                return Outcome.SILENT
            if time() >= self._end_at:
                return Outcome.FAILED

    def _post_after(self, last_post: "Future[None]", stage: Stage) -> None:
        last_post.result()
        self._services.sockets.post_to_room(stage.chat_id, stage)

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
        self.wait()
        self._services.sockets.post_to_listed(chat_id, listed.result(), delta)
        if not self._shown:
            self.first_text_at = time()
            metrics.emit(metrics.FIRST_TEXT, self.first_text_at - created_at(self._question.message_id))
        self._shown = len(text)
