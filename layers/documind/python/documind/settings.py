"""One frozen settings class for each function; its environment variables are the field names in capitals."""

import os
from functools import cache
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict

BEDROCK = "bedrock"  # in place of an address: Amazon Bedrock of this region, called with the function's role
OcrKind = Literal["off", "vision"]  # vision: the chat model reads pages without text from their pictures
SearchKind = Literal["own", "domain", "serverless"]  # own: an existing server that accepts unsigned requests


class Settings(BaseModel):
    """Base of all settings: frozen; the only default is None, for a value that may be absent."""

    # Deferred, because a function uses one of these classes.
    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)


class AuthorizerSettings(Settings):
    """Who may connect."""

    issuer: str
    jwks_url: str  # of the issuer's public keys
    client_ids: str  # separated by commas
    allowed_origins: str  # separated by commas


class ConnectSettings(Settings):
    """`$connect`, and the base of all functions that post to connections."""

    rooms_table: str
    callback_url: str  # of the connection management API


class RoomsSettings(ConnectSettings):
    """The base of all functions that read rooms and post to their connections."""

    messages_table: str


class MessageSettings(RoomsSettings):
    """Every frame a client can send."""

    documents_bucket: str
    state_machine_arn: str
    upload_queue_url: str  # gets documents that are retried
    erasure_queue_url: str  # gets the rooms, documents and accounts to erase
    answer_function: str  # invoked when a room is opened, so that the first question waits for no cold start
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
    model_key_parameter: str | None = None  # name of an SSM SecureString; None for Bedrock, which needs no key
    embedding_base_url: str | None = None  # or `bedrock`; None: address and key of the chat model
    embedding_key_parameter: str | None = None  # for `embedding_base_url`
    chat_model: str
    temperature: float | None = None  # sent only if set: some models refuse it
    reasoning_effort: str | None = None  # sent only if set: models that do not reason refuse it
    embedding_model: str
    embedding_dimensions: int  # length of its vectors
    asks_for_dimensions: bool  # whether requests name them; some servers refuse that
    vector_weight: float  # 0 to 1: weight of vector similarity against words in the fusion; tuned per embedding model


class SearchSettings(Settings):
    """The OpenSearch that holds the chunks."""

    search_endpoint: str
    search_kind: SearchKind  # decides how requests are signed and which settings the mapping may have


class RetrievalSettings(ModelSettings, SearchSettings):
    """The models and the search."""


class CheckSettings(RetrievalSettings):
    """The operator's check of the models and the search."""


class AnswerSettings(RoomsSettings, RetrievalSettings):
    """The steps of the answer workflow, and the summaries of documents."""

    documents_bucket: str
    apology_after_s: int
    max_answer_s: int
    user_tokens_a_day: int  # charged to the uploader of a document for its summary
    room_tokens_a_day: int


class DeadLetterSettings(RoomsSettings):
    """Dead letters of the ingest, whose documents are marked as failed."""


class IngestSettings(RoomsSettings, RetrievalSettings):
    """Reading, splitting, embedding and indexing of uploaded PDFs."""

    documents_bucket: str
    queue_url: str  # of the uploads, whose visibility timeouts the ingest changes
    answer_function: str  # invoked to summarise a ready document
    user_pages_a_day: int
    room_pages_a_day: int
    user_tokens_a_day: int  # charged to the uploader for pages that are read from pictures
    room_tokens_a_day: int
    ocr: OcrKind


class ErasureSettings(RoomsSettings, SearchSettings):
    """Erasing rooms, documents and accounts."""

    documents_bucket: str
    erasure_queue_url: str  # gets an erasure again that has to wait


class ErasureDeadLetterSettings(Settings):
    """Dead letters of the erasure, which are sent to its queue again."""

    erasure_queue_url: str


SettingsT = TypeVar("SettingsT", bound=Settings)


@cache
def load(settings_class: type[SettingsT]) -> SettingsT:
    """Read the settings of one function from the environment, once.

    Raises pydantic.ValidationError naming each variable that is missing or malformed.
    """
    environment = {name: os.environ[name.upper()] for name in settings_class.model_fields if name.upper() in os.environ}
    return settings_class.model_validate(environment)
