"""Where the models are: a server of the OpenAI protocol with the key that SSM holds now, or Amazon Bedrock."""

import logging
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Protocol

from documind.clients import aws
from documind.clients.bedrock import BedrockChat
from documind.errors import Code, UnavailableError
from documind.settings import BEDROCK, ModelSettings

if TYPE_CHECKING:
    from openai import OpenAI

KEY_KEPT_S = 300.0  # a key that was replaced is taken up within this time, by functions that run already, too

log = logging.getLogger(__name__)


class ChatServer(Protocol):
    """Gives the client of a chat model."""

    def client(self) -> "OpenAI": ...

    def forget_key(self) -> None: ...


class ModelServer:
    """Gives the client of one server; the key is read again after some minutes, and at once after it was refused."""

    def __init__(self, base_url: str, read_key: Callable[[], str], clock: Callable[[], float] = time.monotonic) -> None:
        self._base_url = base_url
        self._read_key = read_key
        self._clock = clock
        self._made: OpenAI | None = None
        self._key_until = 0.0

    def client(self) -> "OpenAI":
        """Return the client; raises UnavailableError(MODEL_UNAVAILABLE) while there is no key."""
        from openai import OpenAI  # noqa: PLC0415  (0.7 s, paid only by who needs it)

        now = self._clock()
        if self._made and now < self._key_until:
            return self._made
        key = self._read_key()
        if self._made is None:
            self._made = OpenAI(api_key=key, base_url=self._base_url)
        elif self._made.api_key != key:
            self._made = self._made.with_options(api_key=key)  # keeps its connections
        self._key_until = now + KEY_KEPT_S
        return self._made

    def forget_key(self) -> None:
        """Read the key again before the next request."""
        self._key_until = 0.0


def chat_server_of(settings: ModelSettings) -> ChatServer:
    """Return where the chat model is."""
    if settings.model_base_url == BEDROCK:
        return BedrockChat()
    return ModelServer(settings.model_base_url, partial(key_in, settings.model_key_parameter))


def key_in(parameter: str | None) -> str:
    """Return the key in a SecureString of SSM; raises UnavailableError(MODEL_UNAVAILABLE) while there is none."""
    ssm = aws.client("ssm")
    try:
        return str(ssm.get_parameter(Name=parameter, WithDecryption=True)["Parameter"]["Value"])
    except ssm.exceptions.ParameterNotFound:
        log.error("there is no key of the model: put it into SSM as a SecureString under the name %s", parameter)
        raise UnavailableError(Code.MODEL_UNAVAILABLE) from None
