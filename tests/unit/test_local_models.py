"""`make run` with the user's own model server: what is read from it, and the sentences for faults."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from documind.clients.model_check import check_embedding
from local.model_server.protocol import CHAT_MODEL, EMBEDDING_MODEL
from local.model_server.server import ModelServer
from local.models import OFFLINE_DIMENSIONS, ModelChoice, asked, choose
from local.ports import free_port
from local.steps import StepError


@pytest.fixture
def own() -> Iterator[Mapping[str, str]]:
    """Settings that name a working server."""
    with ModelServer(port=0) as server:
        yield {"OPENAI_BASE_URL": f"{server.url}/v1", "CHAT_MODEL": CHAT_MODEL, "EMBEDDING_MODEL": EMBEDDING_MODEL}


def chosen(settings: Mapping[str, str]) -> ModelChoice:
    return choose(settings, Path("no-such-file"), "http://offline.test/v1")


def test_a_server_needs_no_key_and_its_dimensions_are_used(own: Mapping[str, str]) -> None:
    choice = chosen(own)
    assert (choice.is_offline, choice.asks_for_dimensions, choice.embedding_dimensions) == (False, False, None)
    known = asked(choice, print).embedding_dimensions
    assert known
    assert known > 1


def test_dimensions_are_requested_if_set(own: Mapping[str, str]) -> None:
    choice = asked(chosen({**own, "EMBEDDING_DIMENSIONS": str(OFFLINE_DIMENSIONS)}), print)
    assert (choice.asks_for_dimensions, choice.embedding_dimensions) == (True, OFFLINE_DIMENSIONS)


def test_embeddings_use_their_own_server_and_key_if_set(own: Mapping[str, str]) -> None:
    choice = chosen({**own, "EMBEDDING_BASE_URL": "http://vectors.test/v1", "EMBEDDING_API_KEY": "k"})
    assert (choice.embedding_base_url, choice.embedding_key) == ("http://vectors.test/v1", "k")


def test_an_unreachable_server_is_reported_at_once(own: Mapping[str, str]) -> None:
    with pytest.raises(StepError, match=r"does not answer\. Start that server, or mend OPENAI_BASE_URL"):
        asked(chosen({**own, "OPENAI_BASE_URL": f"http://127.0.0.1:{free_port()}/v1"}), print)


@pytest.mark.parametrize("name", ["CHAT_MODEL", "EMBEDDING_MODEL"])
def test_a_model_that_the_server_lacks_is_named(own: Mapping[str, str], name: str) -> None:
    with pytest.raises(StepError, match="missing-model is a model that the server does not know"):
        asked(chosen({**own, name: "missing-model"}), print)


def test_both_missing_models_are_named(own: Mapping[str, str]) -> None:
    with pytest.raises(StepError, match=r"(?s)one is a model that .*two is a model that "):
        asked(chosen({**own, "CHAT_MODEL": "one", "EMBEDDING_MODEL": "two"}), print)


def test_a_server_with_other_dimensions_than_set_is_reported(
    own: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def deaf(client: object, model: str, dimensions: int | None) -> object:
        return check_embedding(client, model, dimensions, asks=False)  # type: ignore[arg-type] # the client

    monkeypatch.setattr("local.models.check_embedding", deaf)
    with pytest.raises(StepError, match=r"dimensions where 77 are set\. Set EMBEDDING_DIMENSIONS to what it gives"):
        asked(chosen({**own, "EMBEDDING_DIMENSIONS": "77"}), print)
