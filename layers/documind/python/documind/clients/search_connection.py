"""Requests to OpenSearch: signed for the kind of search, and repeated while it is busy or unreachable."""

import json
import logging
import random
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from opensearchpy import OpenSearch, Urllib3AWSV4SignerAuth, Urllib3HttpConnection
from opensearchpy.exceptions import ConnectionError as SearchConnectionError
from opensearchpy.exceptions import TransportError

from documind.clients import aws
from documind.errors import Code, UnavailableError
from documind.logs import identifier
from documind.settings import SearchKind, SearchSettings

TIMEOUT_S = 15  # of one try: three stay below the 55 s of the retrieve step, even while a serverless search wakes
# Of a write, and of the request by which `answer` (timeout: 160 s) wakes the search. Searching and indexing of a
# serverless search wake separately, each by its first request, in 10 to 30 s. A write that times out may have been
# executed, and is repeated under another attempt id.
# https://docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scale-to-zero.html
WAKING_TIMEOUT_S = 45
TRIES = 3
FIRST_PAUSE_S = 0.3
REFUSED = frozenset({429, 503})  # status codes of requests that were not executed
UNREACHABLE = REFUSED | {502, 504}

SIGNED_FOR: dict[SearchKind, str] = {"domain": "es", "serverless": "aoss"}  # SigV4 names of the services
CONNECTIONS = 4  # kept open; an ingest sends so many bulk requests at a time

log = logging.getLogger(__name__)
Result = TypeVar("Result")


def open_search(settings: SearchSettings) -> OpenSearch:
    """Return the client of the search, without opening a network connection."""
    signer = None
    if service := SIGNED_FOR.get(settings.search_kind):
        session = aws.session()
        signer = Urllib3AWSV4SignerAuth(session.get_credentials(), session.region_name, service)
    return OpenSearch(
        hosts=[settings.search_endpoint],
        http_auth=signer,
        connection_class=Urllib3HttpConnection,
        timeout=TIMEOUT_S,
        pool_maxsize=CONNECTIONS,
        max_retries=0,
    )


def json_lines(records: Iterable[dict[str, Any]]) -> str:
    """Return the records as lines of JSON, for `_bulk` and `_msearch`."""
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def retried(request: Callable[[], Result], *, only_refused: bool = False) -> Result:
    """Return the result of the request, which is repeated while the search is busy or unreachable, up to three times.

    With `only_refused` a request that may have been executed is not repeated. Raises
    UnavailableError(SEARCH_UNAVAILABLE) after the last try.
    """
    for attempt in range(TRIES):
        pause_before(attempt)
        try:
            return request()
        except TransportError as error:
            lost = isinstance(error, SearchConnectionError)
            if not lost and error.status_code not in UNREACHABLE:
                log.warning("search refused", extra=_failure(error))
                raise
            log.warning("search unavailable", extra=_failure(error))
            if only_refused and (lost or error.status_code not in REFUSED):
                break
    raise UnavailableError(Code.SEARCH_UNAVAILABLE)


def _failure(error: TransportError) -> dict[str, object]:
    status = error.status_code if isinstance(error.status_code, int) else None  # "N/A": no answer came
    return {"failure": type(error).__name__, "status": status, "provider_type": identifier(error.error)}


def pause_before(attempt: int) -> None:
    """Wait before a second or third attempt, exponentially longer and with jitter."""
    if attempt:
        time.sleep(FIRST_PAUSE_S * 2**attempt * random.uniform(0.5, 1.0))  # noqa: S311
