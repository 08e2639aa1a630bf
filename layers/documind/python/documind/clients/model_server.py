"""The server of a model: one of the OpenAI protocol with a key from SSM, or Amazon Bedrock."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from documind.clients import aws
from documind.errors import Code, UnavailableError
from documind.settings import BEDROCK, ModelSettings

if TYPE_CHECKING:
    from openai import OpenAI

KEY_KEPT_S = 300.0  # lifetime of the cached key: running functions use a replaced key after this time at the latest
# What reading a response raises that is not of the protocol's form; the `openai` package does not check responses.
MALFORMED = (AttributeError, LookupError, TypeError, ValueError)

logger = logging.getLogger(__name__)


class ModelServer:
    """Provides the `openai` client of a server; caches its key for KEY_KEPT_S, or until the server refuses it."""

    def __init__(self, base_url: str, read_key: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._base_url = base_url
        self._read_key = read_key
        self._clock = clock
        self._made: OpenAI | None = None
        self._key_until = 0.0

    def client(self) -> "OpenAI":
        """Return the client; raises UnavailableError(MODEL_UNAVAILABLE) while there is no key."""
        from openai import OpenAI  # noqa: PLC0415  (takes 0.7 s of a cold start)

        now = self._clock()
        if self._made and now < self._key_until:
            return self._made
        key = self._read_key()
        if self._made is None:
            self._made = OpenAI(api_key=key, base_url=self._base_url)
        elif self._made.api_key != key:
            self._made = self._made.with_options(api_key=key)  # keeps its connection pool
        self._key_until = now + KEY_KEPT_S
        return self._made

    def forget_key(self) -> None:
        """Read the key again before the next request."""
        self._key_until = 0.0


class BedrockChat(ModelServer):
    """Amazon Bedrock of this region; requests are signed with the function's role, so there is no key."""

    def __init__(self) -> None:
        super().__init__(BEDROCK, str)

    def client(self) -> "OpenAI":
        """Return the client."""
        if self._made is None:
            from openai import OpenAI  # noqa: PLC0415  (takes 0.5 s of a cold start)
            from openai.providers import bedrock  # noqa: PLC0415

            self._made = OpenAI(provider=bedrock(endpoint="runtime"))
        return self._made


def chat_server_of(settings: ModelSettings) -> ModelServer:
    """Return the server of the chat model."""
    if settings.model_base_url == BEDROCK:
        return BedrockChat()
    return ModelServer(settings.model_base_url, partial(key_in, settings.model_key_parameter))


def key_in(parameter: str | None) -> str:
    """Return the key from an SSM SecureString; raises UnavailableError(MODEL_UNAVAILABLE) while there is none."""
    ssm = aws.client("ssm")
    try:
        return str(ssm.get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        logger.error("the model's key is missing: put it into SSM as a SecureString named %s", parameter)
        raise UnavailableError(Code.MODEL_UNAVAILABLE) from None
