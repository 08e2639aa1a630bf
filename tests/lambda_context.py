"""A fake of the context that Lambda passes to a handler."""

from aws_lambda_powertools.utilities.typing import LambdaContext


class Context(LambdaContext):
    """The context of an invocation with `remaining_s` seconds left."""

    def __init__(self, *, remaining_s: int = 60) -> None:
        self._function_name = "function"
        self._aws_request_id = "lambda-request"
        self._remaining_ms = remaining_s * 1_000

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return self._remaining_ms
