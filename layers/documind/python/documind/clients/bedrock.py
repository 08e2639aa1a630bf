"""Amazon Bedrock, asked with the function's own role: chat by its endpoint of the OpenAI protocol, Cohere's embeddings.

That endpoint has no embeddings: https://docs.aws.amazon.com/bedrock/latest/userguide/models-api-compatibility.html
"""

import json
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from documind.clients import aws
from documind.errors import Code, UnavailableError
from documind.logs import identifier

if TYPE_CHECKING:
    from openai import OpenAI

# https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html
MAX_TEXT_CHARS = 2_048
CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 3, "mode": "standard"})

log = logging.getLogger(__name__)


class BedrockChat:
    """Gives the `openai` client, whose requests are signed with the role's credentials: there is no key."""

    def __init__(self) -> None:
        self._made: OpenAI | None = None

    def client(self) -> "OpenAI":
        """Return the client of this region."""
        if self._made is None:
            from openai import OpenAI  # noqa: PLC0415  (0.5 s, paid only by who needs it)
            from openai.providers import bedrock  # noqa: PLC0415

            self._made = OpenAI(provider=bedrock(endpoint="runtime"))
        return self._made

    def forget_key(self) -> None:
        """Do nothing: credentials of a role are renewed by themselves."""


class BedrockEmbeddings:
    """Embeds with a model of Cohere: `cohere.embed-multilingual-v3`, or version 4, which takes a length of vectors."""

    def __init__(self, model: str, *, asked_dimensions: int | None, client: Any = None) -> None:
        self.model = model
        self._asked = {"output_dimension": asked_dimensions} if asked_dimensions else {}
        self._client = client or aws.client("bedrock-runtime", config=CONFIG)

    def embed(self, texts: Sequence[str], *, questions: bool) -> list[list[float]]:
        """Return one vector for each of at most 96 texts; what stands beyond 2,048 characters of one is left out.

        Raises UnavailableError(MODEL_UNAVAILABLE) if the model cannot be reached or refuses.
        """
        try:
            return self.embed_or_fail(texts, questions=questions)
        except (ClientError, BotoCoreError) as error:
            answer = getattr(error, "response", {})
            log.warning(
                "the model failed",
                extra={
                    "failure": type(error).__name__,
                    "status": answer.get("ResponseMetadata", {}).get("HTTPStatusCode"),
                    "provider_code": identifier(answer.get("Error", {}).get("Code")),
                },
            )
            raise UnavailableError(Code.MODEL_UNAVAILABLE) from None

    def embed_or_fail(self, texts: Sequence[str], *, questions: bool) -> list[list[float]]:
        """Do the same; raises what botocore raises."""
        body = {
            "texts": [text[:MAX_TEXT_CHARS] for text in texts],
            "input_type": "search_query" if questions else "search_document",
            "embedding_types": ["float"],
            **self._asked,
        }
        answer = self._client.invoke_model(modelId=self.model, contentType="application/json", body=json.dumps(body))
        vectors: list[list[float]] = json.load(answer["body"])["embeddings"]["float"]
        return vectors
