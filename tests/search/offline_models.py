"""The vectors of the offline model server, without the server."""

from collections.abc import Sequence

from documind.clients.vectors import Vector
from local.model_server.vectors import embed
from tests.fakes import UnservedModels


class OfflineModels(UnservedModels):
    """Embeds in this process."""

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> Sequence[Vector]:  # noqa: ARG002
        return [[float(number) for number in row] for row in embed(texts)]
