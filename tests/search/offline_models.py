"""The vectors of the offline model server, without the server."""

from collections.abc import Sequence

from documind.clients.models import Models
from local.model_server.vectors import embed


class OfflineModels(Models):
    """Embeds in this process."""

    def __init__(self) -> None:
        pass

    def embed(self, texts: Sequence[str], *, questions: bool = False) -> list[list[float]]:  # noqa: ARG002
        return [[float(number) for number in row] for row in embed(texts)]
