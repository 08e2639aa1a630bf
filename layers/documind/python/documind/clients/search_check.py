"""Checks that the search can be used: it is reachable, and accepts the function's role and our mapping."""

from http import HTTPStatus
from typing import TYPE_CHECKING

from opensearchpy.exceptions import TransportError

from documind.clients.model_check import Finding
from documind.errors import DocumindError

if TYPE_CHECKING:
    from documind.clients.search import SearchIndex

REFUSED_ROLE = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}


def check_search(index: "SearchIndex") -> Finding:
    """Create the index if it does not exist, and return the finding."""
    try:
        index.ensure()
    except DocumindError:
        return Finding("search_unreachable")
    except TransportError as error:
        kind = "search_forbidden" if error.status_code in REFUSED_ROLE else "search_refuses_index"
        return Finding(kind, index.name, f"{error.status_code}, {error.error}")  # type: ignore[arg-type] # a Kind
    return Finding("usable", f"The index {index.name}")
