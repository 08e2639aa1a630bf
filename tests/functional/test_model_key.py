"""The model's key in SSM: read at the first use of a model, cached, and named in the log if missing."""

import boto3
import httpx2
import pytest
from moto import mock_aws

from documind.clients.model_server import KEY_KEPT_S, ModelServer, chat_server_of
from documind.clients.models import Models, ServerEmbeddings, embeddings_of
from documind.errors import Code, DocumindError
from documind.settings import ModelSettings

NAME = "/DocuMind/model-key"
SETTINGS = ModelSettings(
    model_base_url="http://127.0.0.1:9/v1",  # no server listens there
    model_key_parameter=NAME,
    chat_model="chat",
    embedding_model="embedding",
    embedding_dimensions=2,
    asks_for_dimensions=True,
    vector_weight=0.5,
)


@mock_aws
def test_a_missing_key_is_named_in_the_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("openai._base_client.time.sleep", lambda _: None)
    models = Models.from_settings(SETTINGS)
    with pytest.raises(DocumindError) as caught:
        models.embed(["text"])
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert NAME in caplog.text

    boto3.client("ssm").put_parameter(Name=NAME, Value="sk-secret", Type="SecureString")
    caplog.clear()
    with pytest.raises(DocumindError):
        models.embed(["text"])
    assert NAME not in caplog.text
    assert "the model failed" in caplog.text


def test_a_running_function_uses_a_rotated_key_within_minutes() -> None:
    now, key = [0.0], ["first"]
    server = ModelServer("http://127.0.0.1:9/v1", lambda: key[0], clock=lambda: now[0])
    assert server.client().api_key == "first"
    key[0] = "second"
    now[0] = KEY_KEPT_S - 1
    assert server.client().api_key == "first"
    now[0] = KEY_KEPT_S
    assert server.client().api_key == "second"
    assert KEY_KEPT_S <= 600


def test_a_key_that_is_refused_is_read_again_at_once() -> None:
    keys = iter(["revoked", "fresh"])
    server = ModelServer("http://model.test/v1", lambda: next(keys))
    sent = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        sent.append(request.headers["authorization"])
        if "revoked" in sent[-1]:
            return httpx2.Response(401, json={"error": {"message": "Incorrect API key provided", "code": "invalid"}})
        data = [{"object": "embedding", "index": 0, "embedding": [1.0, 0.0]}]
        return httpx2.Response(200, json={"object": "list", "model": "embed", "data": data, "usage": {}})

    http = httpx2.Client(transport=httpx2.MockTransport(answer))
    original = server.client
    server.client = lambda: original().with_options(http_client=http)  # type: ignore[method-assign]
    models = Models(server, ServerEmbeddings(server, "embed", asked_dimensions=2), dimensions=2, chat_model="chat")
    with pytest.raises(DocumindError):
        models.embed(["text"])
    assert models.embed(["text"]) == [[1.0, 0.0]]
    assert sent == ["Bearer revoked", "Bearer fresh"]


@mock_aws
def test_embeddings_use_their_own_address_and_key_if_set() -> None:
    for name in ("chat-key", "embedding-key"):
        boto3.client("ssm").put_parameter(Name=name, Value=f"the {name}", Type="SecureString")
    chosen = SETTINGS.model_copy(
        update={
            "model_key_parameter": "chat-key",
            "embedding_base_url": "http://vectors.test/v1",
            "embedding_key_parameter": "embedding-key",
        }
    )
    chat = chat_server_of(chosen)
    embeddings = embeddings_of(chosen, chat)
    assert isinstance(embeddings, ServerEmbeddings)
    assert (str(chat.client().base_url), chat.client().api_key) == ("http://127.0.0.1:9/v1/", "the chat-key")
    own = embeddings.server.client()
    assert (str(own.base_url), own.api_key) == ("http://vectors.test/v1/", "the embedding-key")
    shared = embeddings_of(SETTINGS, chat)
    assert isinstance(shared, ServerEmbeddings)
    assert shared.server is chat
