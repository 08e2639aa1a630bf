"""Erasure: its own queue, so that it never waits for PDFs, and dead letters, which are sent again without end."""

from constructs import Construct

from documind.settings import ErasureDeadLetterSettings, ErasureSettings
from infra.parts.functions import Function, Platform
from infra.parts.queues import consume, fail_for_good, queue

_TIMEOUT_S = 120  # no step begins in the second half, see `erase.handler`
_VISIBILITY_S = 130  # a little over the timeout, so that a killed run is retried within minutes


class Erasure(Construct):
    """The queue with its dead letters, and the functions `erase` and `dead_letter`."""

    def __init__(self, scope: Construct, construct_id: str, *, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        stage = platform.stage
        self.dead_letters = queue(self, "DeadLetters", stage=stage, visibility_s=60)
        self.queue = queue(self, "Rooms", stage=stage, visibility_s=_VISIBILITY_S, dead_letters=self.dead_letters)
        self.erase = Function(
            self,
            "Erase",
            platform,
            "erase.handler.handler",
            platform.settings(ErasureSettings, erasure_queue_url=self.queue.queue_url),
            memory_mb=512,
            timeout_s=_TIMEOUT_S,
            more_layers=[platform.retrieval],
        )
        consume(self.queue, self.erase)  # while a run may still write, it sends its own message again
        settings = platform.settings(ErasureDeadLetterSettings, erasure_queue_url=self.queue.queue_url)
        handler = "erase.dead_letter.handler"
        self.dead_letter = fail_for_good(self, platform, handler, settings, self.dead_letters)
