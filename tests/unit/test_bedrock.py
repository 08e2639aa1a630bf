"""Amazon Bedrock: embeddings against botocore's model of the service, chat requests signed for the openai package."""

import io
import json
from typing import Any

import boto3
import httpx2
import pytest
from botocore.exceptions import EndpointConnectionError
from botocore.response import StreamingBody
from botocore.stub import Stubber

from documind.clients.bedrock import MAX_TEXT_CHARS, BedrockEmbeddings
from documind.clients.model_check import Finding, check_bedrock_embedding, check_chat
from documind.clients.model_server import BedrockChat
from documind.clients.models import EMBEDDING_BATCH, Models, embeddings_of
from documind.errors import Code, DocumindError
from documind.settings import ModelSettings

MODEL = "cohere.embed-multilingual-v3"
SETTINGS = ModelSettings(
    model_base_url="bedrock",
    chat_model="openai.gpt-oss-120b-1:0",
    embedding_model=MODEL,
    embedding_dimensions=2,
    asks_for_dimensions=False,
    vector_weight=0.5,
)
PROFILE = "us.cohere.embed-v4:0"
QUESTION: Any = [{"role": "user", "content": "問題"}]


@pytest.fixture
def client() -> Any:
    return boto3.client("bedrock-runtime", region_name="us-east-1")


def answered(vectors: list[list[float]]) -> dict[str, Any]:
    body = json.dumps({"id": "1", "embeddings": {"float": vectors}, "response_type": "embeddings_by_type"}).encode()
    return {"body": StreamingBody(io.BytesIO(body), len(body)), "contentType": "application/json"}


def request(texts: list[str], model: str = MODEL, **more: Any) -> dict[str, Any]:
    body = {"texts": texts, "input_type": "search_document", "embedding_types": ["float"], **more}
    return {"modelId": model, "contentType": "application/json", "body": json.dumps(body)}


def test_texts_are_embedded_as_passages_and_questions_as_questions(client: Any) -> None:
    """Stubber checks request and response against the service's model; the body is from the page on Cohere Embed v3."""
    embeddings = BedrockEmbeddings(MODEL, asked_dimensions=None, client=client)
    with Stubber(client) as stubber:
        stubber.add_response("invoke_model", answered([[1, 0], [0, 1]]), request(["a", "b"]))
        stubber.add_response("invoke_model", answered([[1, 0]]), request(["c"], input_type="search_query"))
        assert embeddings.embed(["a", "b"], questions=False) == [[1, 0], [0, 1]]
        assert embeddings.embed(["c"], questions=True) == [[1, 0]]
        stubber.assert_no_pending_responses()


def test_dimensions_are_requested_if_set_and_long_texts_are_cut(client: Any) -> None:
    embeddings = BedrockEmbeddings(PROFILE, asked_dimensions=1024, client=client)
    expected = request(["質" * MAX_TEXT_CHARS], PROFILE, output_dimension=1024)
    with Stubber(client) as stubber:
        stubber.add_response("invoke_model", answered([[1, 0]]), expected)
        embeddings.embed(["質" * 4_000], questions=False)
    assert EMBEDDING_BATCH <= 96  # greatest number of texts per call


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("AccessDeniedException", 403, "forbidden"),
        ("ResourceNotFoundException", 404, "unknown_model"),
        ("ValidationException", 400, "refused"),
        ("ThrottlingException", 429, "refused"),
    ],
)
def test_a_refusal_by_bedrock_is_one_error_and_a_finding(
    code: str, status: int, kind: Any, client: Any, caplog: pytest.LogCaptureFixture
) -> None:
    embeddings = BedrockEmbeddings(MODEL, asked_dimensions=None, client=client)
    with Stubber(client) as stubber:
        for _ in range(2):
            stubber.add_client_error("invoke_model", code, "not for question", status)
        with pytest.raises(DocumindError) as caught:
            embeddings.embed(["question"], questions=True)
        assert check_bedrock_embedding(embeddings, 2) == Finding(kind, MODEL, code)
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    (line,) = caplog.records
    assert (line.failure, line.status, line.provider_code) == (code, status, code)  # type: ignore[attr-defined]
    assert "question" not in caplog.text


def test_an_unreachable_bedrock_and_wrong_dimensions_are_findings(client: Any) -> None:
    embeddings = BedrockEmbeddings(MODEL, asked_dimensions=None, client=client)
    with Stubber(client) as stubber:
        stubber.add_response("invoke_model", answered([[1, 0, 0]]))
        stubber.add_response("invoke_model", answered([[1, 0]]))
        assert check_bedrock_embedding(embeddings, 2).kind == "wrong_dimensions"
        assert check_bedrock_embedding(embeddings, 2) == Finding("usable", MODEL, ", with 2 dimensions")

    def unreachable(**_: object) -> None:
        raise EndpointConnectionError(endpoint_url="https://bedrock-runtime.us-east-1.amazonaws.com")

    client.meta.events.register("before-call.bedrock-runtime.InvokeModel", unreachable)
    assert check_bedrock_embedding(embeddings, 2).kind == "unreachable"
    with pytest.raises(DocumindError):
        embeddings.embed(["text"], questions=False)


def signed_chat(answer: Any, monkeypatch: pytest.MonkeyPatch) -> BedrockChat:
    """Return the real client; its signed requests are answered in memory."""
    monkeypatch.setenv("AWS_SESSION_TOKEN", "of-the-role")
    chat = BedrockChat()
    signed = chat.client().with_options(http_client=httpx2.Client(transport=httpx2.MockTransport(answer)))
    chat.client = lambda: signed  # type: ignore[method-assign]
    return chat


def test_chat_is_signed_with_the_role_and_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """gpt-oss sends its reasoning in tags, a pair for each piece, as in the report that `reasoning` names."""
    asked: list[httpx2.Request] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        asked.append(request)
        pieces = ("<reasoning>The user asks</reasoning>", "<reasoning> about mass.</reasoning>", "質量", "即慣性 [1]。")
        choices = [{"index": 0, "delta": {"content": piece}} for piece in pieces]
        choices.append({"index": 0, "delta": {}, "finish_reason": "stop"})
        event = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "m"}
        lines = [f"data: {json.dumps(event | {'choices': [choice]})}\n\n" for choice in choices]
        used = {"prompt_tokens": 40, "completion_tokens": 2, "total_tokens": 42}
        lines.append(f"data: {json.dumps(event | {'choices': [], 'usage': used})}\n\n")
        return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content="".join(lines))

    chat = signed_chat(answer, monkeypatch)
    models = Models(chat, embeddings_of(SETTINGS, chat), dimensions=2, chat_model=SETTINGS.chat_model)
    assert list(models.stream_answer(QUESTION)) == ["質量", "即慣性 [1]。"]
    (request,) = asked
    assert str(request.url) == "https://bedrock-runtime.us-east-1.amazonaws.com/openai/v1/chat/completions"
    assert "/us-east-1/bedrock/aws4_request" in request.headers["authorization"]
    assert request.headers["x-amz-security-token"] == "of-the-role"


def test_a_role_that_may_not_use_a_model_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    refusal = {"message": "User: arn:aws:sts::1:assumed-role/Answer is not authorized to perform: bedrock:InvokeModel"}
    chat = signed_chat(lambda _: httpx2.Response(403, json=refusal), monkeypatch)
    assert check_chat(chat.client(), "m") == Finding("forbidden", "m", "403")
