"""One frozen settings class a function; its fields, in capitals, are the function's environment variables."""

import os
from functools import cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

BEDROCK = "bedrock"  # in place of an address: Amazon Bedrock of the region, asked with the function's role
OcrKind = Literal["off", "vision"]  # vision: the chat model reads pages without text from their pictures
SearchKind = Literal["own", "domain", "serverless"]  # own: a server that runs already and takes unsigned requests


class Settings(BaseModel):
    """Base of all settings: frozen, and with no default but None where a value may be absent."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)  # most classes are of other functions


class AuthorizerSettings(Settings):
    """Who may connect."""

    issuer: str
    jwks_url: str  # where the issuer publishes the keys of its tokens
    client_ids: str  # separated by commas
    allowed_origins: str  # separated by commas


class ConnectSettings(Settings):
    """`$connect`, and the base of all that post to connections."""

    rooms_table: str
    callback_url: str  # of the connection management API


class RoomsSettings(ConnectSettings):
    """What every function needs that reads rooms and posts to their connections."""

    messages_table: str


class MessageSettings(RoomsSettings):
    """Every frame a client can send."""

    documents_bucket: str
    state_machine_arn: str
    upload_queue_url: str  # names uploads to be read again
    erasure_queue_url: str  # names rooms and documents to erase
    user_pool_id: str
    apology_after_s: int
    user_questions_a_day: int
    room_questions_a_day: int
    user_tokens_a_day: int  # of the chat model, read and written
    room_tokens_a_day: int


class FlushHistorySettings(RoomsSettings):
    """`$disconnect` and expiry of live messages."""


class ModelSettings(Settings):
    """The chat and embedding models: servers of the OpenAI protocol, or Amazon Bedrock."""

    model_base_url: str  # or `bedrock`
    model_key_parameter: str | None = None  # name of an SSM SecureString; none: Bedrock needs no key
    embedding_base_url: str | None = None  # or `bedrock`; none: that of the chat model, with its key
    embedding_key_parameter: str | None = None  # of that address
    chat_model: str
    temperature: float | None = None  # sent only if set: some models refuse it
    reasoning_effort: str | None = None  # sent only if set: models that do not reason refuse it
    embedding_model: str
    embedding_dimensions: int  # length of its vectors
    asks_for_dimensions: bool  # some servers refuse a request that names them
    vector_weight: float  # of the nearness in meaning beside what the words say, 0 to 1: belongs to the embedding model


class SearchSettings(Settings):
    """The OpenSearch that holds the chunks."""

    search_endpoint: str
    search_kind: SearchKind  # decides how requests are signed and what the mapping may say


class RetrievalSettings(ModelSettings, SearchSettings):
    """What turns texts into vectors, and where those are searched."""


class CheckSettings(RetrievalSettings):
    """What the operator's check asks: the models and the search."""


class AnswerSettings(RoomsSettings, RetrievalSettings):
    """The steps of the answer workflow, and the summaries of documents."""

    documents_bucket: str
    apology_after_s: int
    max_answer_s: int
    user_tokens_a_day: int  # of who uploaded a document: for its summary
    room_tokens_a_day: int


class DeadLetterSettings(RoomsSettings):
    """Uploads that the ingest could not read: their documents fail."""


class IngestSettings(RoomsSettings, RetrievalSettings):
    """Reading, splitting, embedding and indexing of uploaded PDFs."""

    documents_bucket: str
    queue_url: str  # of the uploads: a message whose reading failed comes back sooner
    answer_function: str  # summarises a document that is ready
    user_pages_a_day: int
    room_pages_a_day: int
    user_tokens_a_day: int  # of who uploaded a document: for its pages that are read from pictures
    room_tokens_a_day: int
    ocr: OcrKind


class ErasureSettings(RoomsSettings, SearchSettings):
    """Erasing all that is held of a room."""

    documents_bucket: str
    erasure_queue_url: str  # an erasure that cannot go on yet is sent again


class ErasureDeadLetterSettings(Settings):
    """Erasures that failed too often: they are sent again."""

    erasure_queue_url: str


SettingsT = TypeVar("SettingsT", bound=Settings)


@cache
def load(settings_class: type[SettingsT]) -> SettingsT:
    """Read the settings of one function from the environment, once.

    Raises pydantic.ValidationError naming each variable that is missing or malformed.
    """
    environment = {name: os.environ[name.upper()] for name in settings_class.model_fields if name.upper() in os.environ}
    return settings_class.model_validate(environment)
