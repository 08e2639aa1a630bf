"""Clients of AWS's services, each made when it is first used: a cold start pays only for those that its call needs."""

from threading import Lock
from typing import Any

import boto3

_MAKING = Lock()  # https://boto3.amazonaws.com/v1/documentation/api/latest/guide/session.html: sessions share no thread


class _ClientOnFirstUse:
    """Has the methods of `boto3.client(service, **options)`."""

    def __init__(self, service: str, options: dict[str, Any]) -> None:
        self._service = service
        self._options = options
        self._made: Any = None

    def __getattr__(self, name: str) -> Any:
        with _MAKING:
            if self._made is None:
                make: Any = boto3.client  # whose types are by the name of the service
                self._made = make(self._service, **self._options)
        return getattr(self._made, name)


def client(service: str, **options: Any) -> Any:
    """Return what `boto3.client(service, **options)` returns, but made with the first use of one of its methods."""
    return _ClientOnFirstUse(service, options)
