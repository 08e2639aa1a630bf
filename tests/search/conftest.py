"""Fixture: a real OpenSearch, only for these tests."""

from collections.abc import Iterator

import pytest

from local.ports import claimed_ports
from local.system import LocalSystem


@pytest.fixture(scope="session")
def opensearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with claimed_ports() as ports:
        system = LocalSystem(tmp_path_factory.mktemp("system"), ports)
        try:
            system.start_search()
            yield f"http://127.0.0.1:{ports.search}"
        finally:
            system.stop()
