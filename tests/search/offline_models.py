"""The offline models, called without their server."""

from collections.abc import Generator, Sequence
from typing import TYPE_CHECKING, Any

from documind.clients.vectors import Vector
from local.model_server.quoting import Task, answer
from local.model_server.small_tasks import standalone
from local.model_server.vectors import embed
from tests.fakes import UnservedModels

if TYPE_CHECKING:
    from openai.types.chat import ChatCompletionMessageParam


class OfflineModels(UnservedModels):
    """Embeds and generates text in this process."""

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> Sequence[Vector]:  # noqa: ARG002
        return [[float(number) for number in row] for row in embed(texts)]

    def stream_answer(self, messages: "Sequence[ChatCompletionMessageParam]") -> Generator[str, None, int | None]:
        yield answer(_task(messages))
        return None

    def write_json(
        self,
        messages: "Sequence[ChatCompletionMessageParam]",
        task: str,
        schema: dict[str, Any],  # noqa: ARG002
    ) -> tuple[str, int]:
        assert task == "standalone_question"
        return standalone(_task(messages)), 0


def _task(messages: "Sequence[ChatCompletionMessageParam]") -> Task:
    return Task.model_validate_json(str(messages[-1]["content"]))
