"""The command line without a server: how answers are put together and printed, and what is asked for is understood."""

import io
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from pydantic import ValidationError

from documind.errors import Code
from documind.wire import Citation, Delta, Document, Message, Open, RoomRename
from documind_cli.__main__ import main
from documind_cli.answering import Answer
from documind_cli.output import ShownAnswer, citation_lines, failure_of, pages_of, printable, sentence_of
from documind_cli.rooms import Role
from documind_cli.sign_in import NotSignedInError, SignIn, read_config
from documind_cli.terminal import BAD_USE, DONE, FAILED, INTERRUPTED, NOT_ANSWERED, Terminal, with_terminal


def delta(after: int, text: str, epoch: int = 1) -> Delta:
    return Delta(chat_id="c", question_id="q", epoch=epoch, after=after, seq=after + len(text), text=text)


def test_an_answer_takes_what_continues_it_and_nothing_twice() -> None:
    answer = Answer()
    assert answer.add(delta(0, "Mass ")) == "applied"
    assert answer.add(delta(0, "Mass ")) == "old"
    assert answer.add(delta(7, "inertia")) == "gap"
    assert answer.add(delta(5, "is 慣性😀")) == "applied"
    assert (answer.text, answer.seq) == ("Mass is 慣性😀", 11)
    assert answer.add(delta(5, "of the second run", epoch=2)) == "gap"
    assert answer.add(delta(0, "Anew", epoch=2)) == "applied"
    assert answer.add(delta(4, "late", epoch=1)) == "old"
    assert (answer.epoch, answer.text) == (2, "Anew")


def test_an_answer_is_printed_once_each_character() -> None:
    out = io.StringIO()
    shown = ShownAnswer(out, live=True)
    for text in ("Mass", "Mass is", "Mass"):
        shown.show(text)
    shown.end("Mass is inertia.\n")
    assert out.getvalue() == "Mass is inertia.\n"


def test_another_text_than_was_shown_is_printed_whole() -> None:
    out = io.StringIO()
    shown = ShownAnswer(out, live=True)
    shown.show("Mass is")
    shown.end("Energy.")
    assert out.getvalue() == "Mass is\n\nEnergy.\n"


def test_others_texts_cannot_steer_the_terminal() -> None:
    assert printable("a\x1b[2Jb\x07\nc\td\x9b") == "a[2Jb\nc\td"


def test_citations_name_file_and_page_and_quote() -> None:
    citations = [
        Citation(number=2, document_id="d1", page=3, start=0, end=9, score=1, quote="Mass is\n inertia."),
        Citation(number=1, document_id="gone", page=1, start=0, end=9, score=1),
    ]
    message = Message(message_id="m", kind="answer", question_id="q", sender=None, text="", citations=citations)
    expected = ['[2] physics.pdf, p. 3: "Mass is inertia."', "[1] (deleted), p. 1"]
    assert citation_lines(message, {"d1": "physics.pdf"}) == expected


def test_why_a_document_failed_is_a_sentence_in_the_users_language() -> None:
    document = Document(document_id="d", name="a.pdf", status="failed", size_bytes=1, reason=Code.PDF_TOO_LONG)
    assert "3000" in failure_of(document, "en")
    assert "頁" in failure_of(document, "zh-TW")


@pytest.mark.parametrize(
    "given",
    [
        ["--as", "bob", "rooms", "--as", "ann", "share", "A", "bob", "--role", "reader"],
        ["rooms", "--as", "ann", "share", "--role", "reader", "A", "bob"],
        ["rooms", "--as", "bob", "share", "A", "bob", "--role", "reader", "--as", "ann"],
    ],
)
def test_options_may_stand_anywhere_and_the_last_one_counts(given: list[str]) -> None:
    seen: list[object] = []
    app = typer.Typer()
    group = typer.Typer()
    app.add_typer(group, name="rooms")

    def keep(terminal: Terminal) -> int:
        seen.append(terminal)
        return DONE

    def share(terminal: Terminal, room: str, name: str, role: Role = "writer") -> int:
        seen.append((terminal, room, name, role))
        return NOT_ANSWERED

    app.callback()(with_terminal(keep))
    group.callback()(with_terminal(keep))
    group.command()(with_terminal(share))
    assert app(given, standalone_mode=False) == NOT_ANSWERED
    assert seen == [(Terminal(user="ann"), "A", "bob", "reader")]


@pytest.mark.parametrize(
    "given",
    [
        [],
        ["sing"],
        ["ask"],
        ["login"],
        ["ask", "--room", "A"],
        ["ask", "--room", "A", " "],
        ["upload", "--room", "A", "none.pdf"],
    ],
)
def test_bad_use_has_exit_status_2(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == BAD_USE
    assert capsys.readouterr().err.startswith("documind: ")


def test_a_config_that_is_none_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"client_id": "c"}')
    with pytest.raises(ValueError, match="websocket_url, login_url"):
        read_config(str(path))
    assert main(["rooms", "--config", str(path)]) == FAILED
    assert "is no config.json" in capsys.readouterr().err


def test_a_config_that_is_missing_is_named_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = str(tmp_path / "none.json")
    assert main(["rooms", "--config", path]) == FAILED
    assert capsys.readouterr().err == f"documind: {path}: No such file or directory\n"


def test_a_local_run_that_was_stopped_says_how_to_start_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "website-url").write_text("http://127.0.0.1:9")  # the port of `discard`, where nobody listens
    assert main(["rooms", "--state", str(tmp_path)]) == 1
    assert "does not answer: start it with `make run`" in capsys.readouterr().err


def test_an_interrupted_command_has_exit_status_130(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("documind_cli.commands.Room", interrupt)
    assert main(["ask", "--room", "A", "Why?"]) == INTERRUPTED


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Let processes that a test starts receive Ctrl-C, also where these tests ignore it, as below `nohup`."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_interruptible")
def test_a_command_that_is_interrupted_while_it_loads_prints_no_traceback() -> None:
    program = [sys.executable, "-X", "importtime", "-m", "documind_cli", "rooms"]  # prints each module that was loaded
    with subprocess.Popen(program, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        next(line for line in running.stderr if "typer" in line)
        running.send_signal(signal.SIGINT)
        assert "Traceback" not in running.stderr.read()
    assert running.returncode == INTERRUPTED


def test_without_a_sign_in_the_command_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(NotSignedInError, match="documind login"):
        SignIn({"client_id": "c", "login_url": "https://login", "websocket_url": "wss://api"}, tmp_path).access_token(
            False
        )


def test_a_logout_without_a_network_deletes_the_tokens_and_says_that_it_revoked_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    config, tokens = tmp_path / "config.json", tmp_path / "documind" / "c.json"
    tokens.parent.mkdir()
    config.write_text('{"client_id": "c", "login_url": "http://127.0.0.1:9", "websocket_url": "wss://api"}')
    tokens.write_text('{"access_token": "a", "refresh_token": "r", "expires_at": 0}')
    assert main(["logout", "--config", str(config)]) == FAILED
    assert capsys.readouterr().err.startswith("documind: the sign-in cannot be reached")
    assert not tokens.exists()


def test_an_argument_that_no_frame_takes_is_named_in_one_sentence() -> None:
    with pytest.raises(ValidationError) as blank:
        Open(request_id="r", room=" ")
    with pytest.raises(ValidationError) as long:
        RoomRename(request_id="r", chat_id="c", name="n" * 101)
    assert sentence_of(blank.value) == "room: must not be blank"
    assert sentence_of(long.value) == "name: String should have at most 100 characters"


def test_pages_that_hold_nothing_to_find_are_named() -> None:
    lost = [{"page": 3, "why": "lost"}, {"page": 5, "why": "empty"}, {"page": 9, "why": "lost"}]
    plain = {"document_id": "d", "name": "a.pdf", "status": "ready", "size_bytes": 1, "pages_total": 12}
    assert pages_of(Document.model_validate(plain)) == "12 pages"
    assert pages_of(Document.model_validate({**plain, "pages_total": 1})) == "1 page"
    assert pages_of(Document.model_validate({**plain, "without_text": lost})) == "12 pages; empty 5; lost 3, 9"
    pictured = Document.model_validate({**plain, "from_pictures": [(1, 4), (6, 6)]})
    assert pages_of(pictured) == "12 pages; read from pictures 1-4, 6"
