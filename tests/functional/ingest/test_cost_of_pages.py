"""Counts the billed operations of reading a PDF, without embedding and search, for docs/cost.py."""

from typing import TYPE_CHECKING

from docs import cost
from ingest.reading import PAGES_IN_OBJECT
from tests.functional.counting import counted
from tests.functional.ingest.surroundings import PDF, World, run, world

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3.client import S3Client

__all__ = ["world"]


def test_a_document_costs_what_the_readme_says(world: World, rooms_table: "Table", s3: "S3Client") -> None:
    document, uploaded = world.upload(PDF)
    with counted(rooms_table, s3) as units:
        assert run(uploaded)
    assert world.now(document).pages_total > 1
    assert units == cost.DOCUMENT | cost.GROUP
    assert cost.PAGES_OF_A_GROUP == PAGES_IN_OBJECT
