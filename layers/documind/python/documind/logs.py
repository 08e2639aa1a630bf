"""The log of every function: lines of JSON on standard output, each with the keys of its invocation.

Modules log through `logging.getLogger(__name__)` and say in `extra` what they know. Neither a message nor an `extra`
holds a word of a question, of a document, a file's name or a secret; an exception's message may, so it is left out.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, partial, wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from documind.errors import DocumindError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

RUNTIME = "awslambdaric"  # AWS's runtime client, whose handler on the root logger would write every line again
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")

Result = TypeVar("Result")
Event = dict[str, Any]
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

logger = logging.getLogger(__name__)


class InvocationFailedError(Exception):
    """What the runtime is told of an exception that a handler did not catch; it would log the exception's message."""


def entry_point(handler: Callable[[Event, "LambdaContext"], Result]) -> Callable[[Event, "LambdaContext"], Result]:
    """Decorate the handler of a function: every line carries the function and the id of the request.

    An exception is logged with its traceback; the runtime gets InvocationFailedError with the name of its type.
    """

    @wraps(handler)
    def invoke(event: Event, context: "LambdaContext") -> Result:
        _configure(package=handler.__module__.partition(".")[0])
        _formatter().clear_state()
        append_keys(function=context.function_name, request_id=context.aws_request_id)
        try:
            return handler(event, context)
        except Exception as error:
            logger.exception("the invocation failed")
            raise InvocationFailedError(type(error).__name__) from None

    return invoke


def append_keys(**keys: str | None) -> None:
    """Add keys to every further line of this invocation; None takes a key away."""
    _formatter().append_keys(**keys)


def append_context_keys(**keys: str | None) -> AbstractContextManager[None]:
    """Add keys to the lines that are written inside a `with` statement."""
    return _formatter().append_context_keys(**keys)


def identifier(value: object) -> str | None:
    """Return a machine-readable code of another system for `extra`; None for anything that may be a sentence."""
    return value if isinstance(value, str) and IDENTIFIER.fullmatch(value) else None


class _Formatter(LambdaPowertoolsFormatter):
    """Powertools' JSON, with exceptions by their types and tracebacks."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  (the name of the standard library)
        return _traceback(ei[1]) if ei[1] else ""


class _StandardOutput(logging.Handler):
    """Writes to what standard output is at the time of the line: the runtime replaces it."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")
        sys.stdout.flush()


@cache
def _formatter() -> _Formatter:
    # Lambda filters by level only lines whose time is in RFC 3339:
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    to_json = partial(json.dumps, default=str)  # ASCII: a lone surrogate cannot be written otherwise
    return _Formatter(json_serializer=to_json, utc=True, use_rfc3339=True, serialize_stacktrace=False, name="%(name)s")


@cache
def _configure(package: str) -> None:
    """Write what our own packages log from INFO on, and what others do from WARNING on: below, they log requests."""
    root = logging.getLogger()
    for handler in list(root.handlers):
        if type(handler).__module__.partition(".")[0] == RUNTIME:
            root.removeHandler(handler)
    if not any(isinstance(handler, _StandardOutput) for handler in root.handlers):
        output = _StandardOutput()
        output.setFormatter(_formatter())
        root.addHandler(output)
    root.setLevel(logging.WARNING)
    for name in ("documind", package):
        logging.getLogger(name).setLevel(logging.INFO)


def _traceback(error: BaseException) -> str:
    """Return the traceback of an exception and of those it came from, in the standard library's order."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return (f"{_traceback(before)}\n" if before else "") + f"{frames}{type(error).__qualname__}{_detail(error)}"


def _detail(error: BaseException) -> str:
    """Return the codes of an exception: ours, or those of botocore's ClientError, which not every function imports."""
    if isinstance(error, DocumindError):
        return f": {error.code.value}"
    if operation := getattr(error, "operation_name", None):
        return f": {operation} {getattr(error, 'response', {}).get('Error', {}).get('Code')}"
    return ""
