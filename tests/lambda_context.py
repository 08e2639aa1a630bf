"""The context that Lambda gives a handler beside its event."""

from aws_lambda_powertools.utilities.typing import LambdaContext


class Context(LambdaContext):
    """One invocation of a function that has `remaining_s` left."""

    def __init__(self, *, remaining_s: int = 60) -> None:
        self._function_name = "function"
        self._aws_request_id = "lambda-request"
        self._remaining_ms = remaining_s * 1_000

    def get_remaining_time_in_millis(self) -> int:  # type: ignore[override]
        return self._remaining_ms
