"""A real OpenSearch of the tests' own."""

from collections.abc import Iterator

import pytest

from local.ports import Ports
from local.system import LocalSystem


@pytest.fixture(scope="session")
def opensearch_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    system = LocalSystem(tmp_path_factory.mktemp("system"), Ports.free())
    system.start_search()
    yield f"http://127.0.0.1:{system.ports.search}"
    system.stop()
