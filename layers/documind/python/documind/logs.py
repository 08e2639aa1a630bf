"""The log of every function: lines of JSON on standard output, each with the keys of its invocation.

Modules log through `logging.getLogger(__name__)` and pass ids and codes in `extra`. No message or `extra` may contain
text of a question or document, a file name or a secret. An exception's message may contain them, so it is left out.
"""

import json
import logging
import re
import sys
import traceback
from collections.abc import Callable
from functools import cache, partial, wraps
from types import TracebackType
from typing import TYPE_CHECKING, Any, TypeVar

from aws_lambda_powertools.logging.formatter import LambdaPowertoolsFormatter

from documind.errors import DocumindError

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

RUNTIME = "awslambdaric"  # AWS's runtime client; its handler on the root logger would write every line a second time
IDENTIFIER = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,63}")

Result = TypeVar("Result")
Event = dict[str, Any]
ExceptionInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]

logger = logging.getLogger(__name__)


class InvocationFailedError(Exception):
    """Replaces an exception that a handler did not catch, because the runtime logs the message of what is raised."""


def entry_point(handler: Callable[[Event, "LambdaContext"], Result]) -> Callable[[Event, "LambdaContext"], Result]:
    """Decorate the handler of a function, so that every line carries the function's name and the request id.

    An uncaught exception is logged with its traceback and raised as InvocationFailedError with the name of its type.
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
    """Add keys to all following lines of this invocation; None removes a key."""
    _formatter().append_keys(**keys)


def identifier(value: object) -> str | None:
    """Return a machine-readable code of another system for `extra`; None for any other value, which may be text."""
    return value if isinstance(value, str) and IDENTIFIER.fullmatch(value) else None


class _Formatter(LambdaPowertoolsFormatter):
    """Powertools' JSON formatter, with the types and tracebacks of exceptions but not their messages."""

    def formatException(self, ei: ExceptionInfo) -> str:  # noqa: N802  (the name of the standard library)
        return _traceback(ei[1]) if ei[1] else ""


class _StandardOutput(logging.Handler):
    """Looks `sys.stdout` up for each line, because the runtime replaces it."""

    def emit(self, record: logging.LogRecord) -> None:
        sys.stdout.write(f"{self.format(record)}\n")
        sys.stdout.flush()


@cache
def _formatter() -> _Formatter:
    # Lambda's filter by log level needs timestamps in RFC 3339:
    # https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    to_json = partial(json.dumps, default=str)  # escaped as ASCII, because UTF-8 cannot encode lone surrogates
    return _Formatter(json_serializer=to_json, utc=True, use_rfc3339=True, serialize_stacktrace=False, name="%(name)s")


@cache
def _configure(package: str) -> None:
    """Log our own packages from INFO on, and all others from WARNING on, since below that they log requests."""
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
    """Return the traceback of an exception and of its causes, in the standard library's order."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    frames = "".join(traceback.format_tb(error.__traceback__))
    return (f"{_traceback(before)}\n" if before else "") + f"{frames}{type(error).__qualname__}{_detail(error)}"


def _detail(error: BaseException) -> str:
    """Return the code of a DocumindError, or the operation and code of a botocore ClientError.

    The latter is recognised by its attributes, because not every function imports botocore.
    """
    if isinstance(error, DocumindError):
        return f": {error.code.value}"
    if operation := getattr(error, "operation_name", None):
        return f": {operation} {getattr(error, 'response', {}).get('Error', {}).get('Code')}"
    return ""
