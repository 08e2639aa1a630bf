"""The reader of a model's stream: its text, its end, and that closing it closes the request."""

import threading
import time
from collections.abc import Generator

import pytest

from answer.reader import Reader
from documind.limits import MAX_ANSWER_BYTES


def finished(reader: Reader) -> str:
    """Return the whole text once all of it has been read."""
    text, is_finished = reader.wait(MAX_ANSWER_BYTES, 5)
    assert is_finished
    return text


def test_the_pieces_are_joined() -> None:
    reader = Reader(piece for piece in ["質", "量", "😀"])
    assert finished(reader) == reader.text == "質量😀"
    assert not reader.failed


def test_waiting_ends_with_the_first_new_text() -> None:
    more = threading.Event()

    def pieces() -> Generator[str, None, None]:
        yield "first"
        more.wait(5)
        yield " second"

    reader = Reader(pieces())
    assert reader.wait(0, 5) == ("first", False)
    started = time.monotonic()
    assert reader.wait(5, 0.05) == ("first", False)
    assert time.monotonic() - started >= 0.05
    more.set()
    assert reader.wait(5, 5)[0] == "first second"
    reader.close()


def test_text_that_may_become_a_refusal_is_held_back() -> None:
    more = threading.Event()

    def pieces() -> Generator[str, None, None]:
        yield "NO_"
        more.wait(5)
        yield "ANSWER"

    reader = Reader(pieces())
    assert reader.wait(0, 0.05) == ("", False)
    more.set()
    assert (finished(reader), reader.refused) == ("", True)
    for said in ("NO", "Nobody.", "It is NO_ANSWER."):
        other = Reader(piece for piece in [said])
        assert (finished(other), other.refused) == (said, False)


def test_a_citation_is_shown_once_it_is_complete_and_numbered_from_1() -> None:
    more = threading.Event()

    def pieces() -> Generator[str, None, None]:
        yield "Mass [3] is inertia ["
        more.wait(5)
        yield "2]."

    reader = Reader(pieces(), known={2, 3})
    assert reader.wait(0, 5) == ("Mass [1] is inertia", False)
    more.set()
    assert finished(reader) == "Mass [1] is inertia [2]."
    assert reader.written == "Mass [3] is inertia [2]."


def test_a_timeout_in_the_past_does_not_wait() -> None:
    more = threading.Event()

    def pieces() -> Generator[str, None, None]:
        more.wait(5)
        yield "late"

    reader = Reader(pieces())
    assert reader.wait(0, -3) == ("", False)
    more.set()
    assert finished(reader) == "late"


def test_a_broken_stream_keeps_the_text_before(caplog: pytest.LogCaptureFixture) -> None:
    def pieces() -> Generator[str, None, None]:
        yield "half"
        raise OSError("cut")

    reader = Reader(pieces())
    assert finished(reader) == "half"
    assert reader.failed
    assert "the model's stream failed" in caplog.text


def test_closing_ends_the_request_at_the_next_piece() -> None:
    closed = threading.Event()

    def pieces() -> Generator[str, None, None]:
        try:
            while True:
                yield "again "
                time.sleep(0.001)
        finally:
            closed.set()

    reader = Reader(pieces())
    reader.wait(0, 5)
    reader.close()
    assert closed.is_set()
    assert not reader.failed


def test_closing_does_not_wait_long_for_a_silent_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("answer.reader.CLOSE_S", 0.05)
    closed = threading.Event()
    closed_first: list[bool] = []

    def pieces() -> Generator[str, None, None]:
        closed_first.append(closed.wait(5))
        yield "too late"

    reader = Reader(pieces())
    reader.close()
    closed.set()
    assert finished(reader) == ""
    assert closed_first == [True]


def test_an_endless_answer_is_cut_to_fit_a_frame() -> None:
    closed = threading.Event()

    def pieces() -> Generator[str, None, None]:
        try:
            while True:
                yield "長" * 100
        finally:
            closed.set()

    reader = Reader(pieces())
    text = finished(reader)
    assert MAX_ANSWER_BYTES - 300 < len(text.encode()) <= MAX_ANSWER_BYTES
    assert reader.failed
    assert closed.wait(5)
