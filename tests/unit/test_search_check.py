"""What the check of the search finds, told by how the making of the index ends."""

import pytest
from opensearchpy.exceptions import AuthorizationException, RequestError

from documind.clients.model_check import Finding
from documind.clients.search_check import check_search
from documind.errors import Code, DocumindError
from tests.fakes import UnservedSearch


class Failing(UnservedSearch):
    """An index whose making ends as it is told."""

    def __init__(self, error: Exception | None) -> None:
        super().__init__()
        self.name = "chunks"
        self._error = error

    def ensure(self) -> None:
        if self._error:
            raise self._error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (None, Finding("usable", "The index chunks")),
        (DocumindError(Code.SEARCH_UNAVAILABLE), Finding("search_unreachable")),
        (
            AuthorizationException(403, "security_exception"),
            Finding("search_forbidden", "chunks", "403, security_exception"),
        ),
        (
            RequestError(400, "mapper_parsing_exception", {"error": "Field parameter 'engine' is not supported"}),
            Finding("search_refuses_index", "chunks", "400, mapper_parsing_exception"),
        ),
    ],
)
def test_what_the_search_says_is_named(error: Exception | None, expected: Finding) -> None:
    assert check_search(Failing(error)) == expected
