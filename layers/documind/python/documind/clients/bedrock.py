"""Embeddings of Amazon Bedrock, by InvokeModel with the function's role.

Its OpenAI-compatible endpoint, which the chat uses, has none:
https://docs.aws.amazon.com/bedrock/latest/userguide/models-api-compatibility.html
"""

import json
import logging
from collections.abc import Sequence
from typing import Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from documind.clients import aws
from documind.errors import Code, UnavailableError
from documind.logs import identifier

# https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-embed-v3.html
MAX_TEXT_CHARS = 2_048
CONFIG = Config(connect_timeout=5, read_timeout=15, retries={"total_max_attempts": 3, "mode": "standard"})

logger = logging.getLogger(__name__)


class BedrockEmbeddings:
    """Embeds with Cohere's `cohere.embed-multilingual-v3`, or version 4, whose requests may name the dimensions."""

    def __init__(self, model: str, *, asked_dimensions: int | None, client: Any = None) -> None:
        self.model = model
        self._asked = {"output_dimension": asked_dimensions} if asked_dimensions else {}
        self._client = client or aws.client("bedrock-runtime", config=CONFIG)

    def embed(self, texts: Sequence[str], *, questions: bool) -> list[list[float]]:
        """Return one vector for each of at most 96 texts, of which the first 2,048 characters are embedded.

        Raises UnavailableError(MODEL_UNAVAILABLE) if the model cannot be reached or refuses.
        """
        try:
            return self.embed_or_fail(texts, questions=questions)
        except (ClientError, BotoCoreError) as error:
            answer = getattr(error, "response", {})
            logger.warning(
                "the model failed",
                extra={
                    "failure": type(error).__name__,
                    "status": answer.get("ResponseMetadata", {}).get("HTTPStatusCode"),
                    "provider_code": identifier(answer.get("Error", {}).get("Code")),
                },
            )
            raise UnavailableError(Code.MODEL_UNAVAILABLE) from None

    def embed_or_fail(self, texts: Sequence[str], *, questions: bool) -> list[list[float]]:
        """Do the same as `embed`, but raise botocore's ClientError or BotoCoreError."""
        body = {
            "texts": [text[:MAX_TEXT_CHARS] for text in texts],
            "input_type": "search_query" if questions else "search_document",
            "embedding_types": ["float"],
            **self._asked,
        }
        answer = self._client.invoke_model(modelId=self.model, contentType="application/json", body=json.dumps(body))
        vectors: list[list[float]] = json.load(answer["body"])["embeddings"]["float"]
        return vectors
