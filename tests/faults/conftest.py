"""What the fault tests share."""

import pytest

from local.deployment import Deployment
from tests.faults.tables import Tables


@pytest.fixture
def tables(deployed: Deployment) -> Tables:
    return Tables(deployed)
