"""Chooses the models of the local run: the offline ones, or real ones if a key or a server is set."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from documind.clients.model_check import Kind, check_chat, check_embedding
from local.steps import StepError, Tell

OFFLINE_CHAT_MODEL = "documind-offline"
OFFLINE_EMBEDDING_MODEL = "universal-sentence-encoder-simplified"
OFFLINE_DIMENSIONS = 512
NO_KEY = "none"  # sent to a self-hosted server that needs no key


REMEDIES: Mapping[Kind, str] = {
    "key_refused": "Set OPENAI_API_KEY (or EMBEDDING_API_KEY) to a key that it takes.",
    "unreachable": "Start that server, or mend OPENAI_BASE_URL (or EMBEDDING_BASE_URL).",
    "unknown_model": "Set CHAT_MODEL or EMBEDDING_MODEL to one that it has; its address mostly ends with /v1.",
    "forbidden": "Ask its owner for access to that model.",
    "refused": "Look the code up at the provider.",
    "shut_down_soon": "Set CHAT_MODEL to its successor before then.",
    "no_embedding": "Set EMBEDDING_MODEL to one that it embeds with, or EMBEDDING_BASE_URL to a server that embeds; "
    "leave EMBEDDING_DIMENSIONS unset where it cannot choose.",
    "wrong_dimensions": "Set EMBEDDING_DIMENSIONS to what it gives, or leave it unset.",
}


@dataclass(frozen=True)
class ModelChoice:
    """The addresses, names and keys of the models; the offline ones need no key."""

    base_url: str
    key: str
    chat_model: str
    embedding_model: str
    is_offline: bool
    embedding_dimensions: int | None = None  # None: not in requests, the server decides; set by `asked`
    asks_for_dimensions: bool = True
    embedding_base_url: str | None = None  # None: address and key of the chat model
    embedding_key: str | None = None
    ocr: str = "off"  # or `vision`: the chat model reads pages without text from their pictures

    @property
    def dimensions(self) -> int:
        """The length of the vectors; raises ValueError before `asked` has learnt it from the server."""
        if self.embedding_dimensions is None:
            raise ValueError("the model server was not asked yet")
        return self.embedding_dimensions

    def label(self) -> str:
        return "the offline model (no OPENAI_API_KEY is set)" if self.is_offline else self.chat_model


def choose(environment: Mapping[str, str], env_file: Path, offline_url: str) -> ModelChoice:
    """Return the choice by OPENAI_API_KEY, OPENAI_BASE_URL and so on, from the environment or else the `.env` file.

    Raises StepError when EMBEDDING_DIMENSIONS is not a whole number.
    """
    settings = {**read_env_file(env_file), **{name: value for name, value in environment.items() if value}}
    dimensions = settings.get("EMBEDDING_DIMENSIONS")
    if dimensions and not dimensions.isdecimal():
        raise StepError("Choosing the model", f"EMBEDDING_DIMENSIONS must be a whole number, not {dimensions}")
    wanted = int(dimensions) if dimensions else None
    key, base_url = settings.get("OPENAI_API_KEY"), settings.get("OPENAI_BASE_URL")
    if not key and not base_url:
        return ModelChoice(
            offline_url, "offline", OFFLINE_CHAT_MODEL, OFFLINE_EMBEDDING_MODEL, True, OFFLINE_DIMENSIONS
        )
    key = key or NO_KEY
    own_url = settings.get("EMBEDDING_BASE_URL")
    return ModelChoice(
        base_url=base_url or "https://api.openai.com/v1",
        key=key,
        chat_model=settings.get("CHAT_MODEL", "gpt-6.1-terra"),
        embedding_model=settings.get("EMBEDDING_MODEL", "text-embedding-3-small"),
        is_offline=False,
        embedding_dimensions=wanted,
        asks_for_dimensions=wanted is not None,
        embedding_base_url=own_url,
        embedding_key=settings.get("EMBEDDING_API_KEY", key) if own_url else None,
        ocr=settings.get("OCR", "off"),
    )


def asked(choice: ModelChoice, say: Tell) -> ModelChoice:
    """Check that the models can be used, and return the choice with the length of their vectors.

    Raises StepError with a sentence for each fault; a coming shut-down only goes to `say`. Skips offline models.
    """
    if choice.is_offline:
        return choice
    from openai import OpenAI  # noqa: PLC0415  (takes 0.7 s, not needed offline)

    own_url, own_key = choice.embedding_base_url or choice.base_url, choice.embedding_key or choice.key
    with (
        OpenAI(api_key=choice.key, base_url=choice.base_url) as chat,
        OpenAI(api_key=own_key, base_url=own_url) as embedding,
        ThreadPoolExecutor() as pool,  # both at once, so a silent server costs one timeout
    ):
        embedded = pool.submit(check_embedding, embedding, choice.embedding_model, choice.embedding_dimensions)
        answered = check_chat(chat, choice.chat_model)
        finding, length = embedded.result()
    faults = dict.fromkeys(found for found in (answered, finding) if found.is_fault)
    for later in [found for found in faults if found.kind == "shut_down_soon"]:
        say(f"  {later.sentence(REMEDIES)}")
        del faults[later]
    if faults:
        raise StepError("Asking the models", "\n".join(found.sentence(REMEDIES) for found in faults))
    return replace(choice, embedding_dimensions=length)


def read_env_file(path: Path) -> dict[str, str]:
    """Return the `NAME=value` lines of a file, without comments, blank lines, a leading `export`, and quotes."""
    if not path.exists():
        return {}
    pairs = (line.strip().removeprefix("export ").partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals and name[:1] != "#"}
