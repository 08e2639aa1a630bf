"""Which model answers in the local run: the offline one, or a real one when there is a key."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from local.steps import StepError

OFFLINE_CHAT_MODEL = "documind-offline"
OFFLINE_EMBEDDING_MODEL = "universal-sentence-encoder"
OFFLINE_DIMENSIONS = 512
EMBEDDING_DIMENSIONS = 1024


@dataclass(frozen=True)
class ModelChoice:
    """Where the functions find their models, and the key that they send (none is needed by the offline one)."""

    base_url: str
    key: str
    chat_model: str
    embedding_model: str
    embedding_dimensions: int
    is_offline: bool

    def label(self) -> str:
        return "the offline model (no OPENAI_API_KEY is set)" if self.is_offline else self.chat_model


def choose(environment: Mapping[str, str], env_file: Path, offline_url: str) -> ModelChoice:
    """Take OPENAI_API_KEY and its companions from the environment, or else from the `.env` file.

    Raises StepError when EMBEDDING_DIMENSIONS is no number.
    """
    settings = {**read_env_file(env_file), **{name: value for name, value in environment.items() if value}}
    dimensions = settings.get("EMBEDDING_DIMENSIONS", str(EMBEDDING_DIMENSIONS))
    if not dimensions.isdecimal():
        raise StepError("Choosing the model", f"EMBEDDING_DIMENSIONS must be a whole number, not {dimensions}")
    key = settings.get("OPENAI_API_KEY")
    if not key:
        return ModelChoice(
            offline_url, "offline", OFFLINE_CHAT_MODEL, OFFLINE_EMBEDDING_MODEL, OFFLINE_DIMENSIONS, True
        )
    return ModelChoice(
        base_url=settings.get("OPENAI_BASE_URL", "https://api.openai.com/v1"),
        key=key,
        chat_model=settings.get("CHAT_MODEL", "gpt-6.1-terra"),
        embedding_model=settings.get("EMBEDDING_MODEL", "text-embedding-3-small"),
        embedding_dimensions=int(dimensions),
        is_offline=False,
    )


def read_env_file(path: Path) -> dict[str, str]:
    """Read `NAME=value` lines; comments, blank lines and an `export` in front are passed over, quotes taken off."""
    if not path.exists():
        return {}
    pairs = (line.strip().removeprefix("export ").partition("=") for line in path.read_text().splitlines())
    return {name.strip(): value.strip().strip("'\"") for name, equals, value in pairs if equals and name[:1] != "#"}
