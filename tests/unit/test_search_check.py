"""The findings of the search check, by the outcome of creating the index."""

import pytest
from opensearchpy.exceptions import AuthorizationException, RequestError

from documind.clients.model_check import Finding
from documind.clients.search_check import check_search
from documind.errors import Code, DocumindError
from tests.fakes import UnservedSearch


class Failing(UnservedSearch):
    """An index whose creation has a given outcome."""

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
def test_each_outcome_has_its_finding(error: Exception | None, expected: Finding) -> None:
    assert check_search(Failing(error)) == expected
