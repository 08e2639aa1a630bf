"""The log lines: their keys, and the parts of an exception that they leave out."""

import json
import logging
from typing import Any

import pytest
from botocore.exceptions import ClientError

from documind import logs
from documind.errors import Code, DocumindError
from tests.lambda_context import Context

SECRET = "what is mass"  # noqa: S105
logger = logging.getLogger("documind.somewhere")


def lines(captured: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in captured.readouterr().out.splitlines()]


@logs.entry_point
def handler(event: dict[str, Any], _context: object) -> None:
    logs.append_keys(**event)
    logger.info("first", extra={"page": 1})
    logger.info("second")


def failing(error: Exception) -> Any:
    def fail(_event: object, _context: object) -> None:
        try:
            raise ValueError(SECRET)
        except ValueError as cause:
            raise error from cause

    return logs.entry_point(fail)


def test_every_line_carries_the_keys_of_its_invocation_and_of_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    handler({"chat_id": "c1"}, Context())
    handler({}, Context())
    first, second, _, later = lines(capsys)
    assert (first["message"], first["page"], first["level"]) == ("first", 1, "INFO")
    assert first["name"] == "documind.somewhere"
    assert first.items() >= {"function": "function", "request_id": "lambda-request", "chat_id": "c1"}.items()
    assert second["chat_id"] == "c1"
    assert "page" not in second
    assert "chat_id" not in later


@pytest.mark.parametrize(
    ("error", "end"),
    [
        (KeyError(SECRET), "KeyError"),
        (DocumindError(Code.SEARCH_UNAVAILABLE, detail=SECRET), "DocumindError: search_unavailable"),
        (
            ClientError({"Error": {"Code": "AccessDenied", "Message": SECRET}}, "PutItem"),
            "ClientError: PutItem AccessDenied",
        ),
    ],
)
def test_an_exception_is_logged_with_its_traceback_but_not_its_message(
    error: Exception, end: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(logs.InvocationFailedError, match=f"^{type(error).__name__}$") as caught:
        failing(error)({}, Context())
    assert caught.value.__suppress_context__
    (line,) = lines(capsys)
    assert line["level"] == "ERROR"
    assert line["request_id"] == "lambda-request"
    assert "test_logs.py" in line["exception"]
    assert "ValueError" in line["exception"]  # the cause
    assert line["exception"].endswith(end)
    assert SECRET not in json.dumps(line)


def test_log_lines_of_other_packages_about_requests_are_dropped(capsys: pytest.CaptureFixture[str]) -> None:
    handler({}, Context())
    capsys.readouterr()
    logging.getLogger("openai").info("request: %s", SECRET)
    logging.getLogger("openai").warning("a warning")
    assert [line["message"] for line in lines(capsys)] == ["a warning"]


def test_a_lone_surrogate_is_written(capsys: pytest.CaptureFixture[str]) -> None:
    handler({"chat_id": "\ud83d"}, Context())
    assert lines(capsys)[0]["chat_id"] == "\ud83d"


@pytest.mark.parametrize(
    ("value", "kept"),
    [("invalid_api_key", "invalid_api_key"), ("States.Timeout", "States.Timeout"), (SECRET, None), (401, None)],
)
def test_only_codes_of_other_systems_are_logged(value: object, kept: str | None) -> None:
    assert logs.identifier(value) == kept
