"""The attacks use the tables and the people of the functional tests, several threads at a time."""

from collections.abc import Iterator
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest
from boto3.dynamodb.transform import TransformationInjector

from local.tables import dynamodb_local
from tests.functional.conftest import (  # noqa: F401
    made_messages_table,
    made_rooms_table,
    messages_table,
    objects,
    rooms_table,
    s3,
    world,
)

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import DynamoDBServiceResource


@pytest.fixture(scope="session")
def dynamodb(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DynamoDBServiceResource"]:
    """Resources of the SDK are not for several threads, as a function has one: conditions are written one at a time.

    https://boto3.amazonaws.com/v1/documentation/api/latest/guide/resources.html#multithreading-or-multiprocessing-with-resources
    """
    lock, write = Lock(), TransformationInjector.inject_condition_expressions

    def write_alone(self: TransformationInjector, *arguments: Any, **keywords: Any) -> None:
        with lock:
            write(self, *arguments, **keywords)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransformationInjector, "inject_condition_expressions", write_alone)
        with dynamodb_local(tmp_path_factory.mktemp("dynamodb")) as resource:
            yield resource
