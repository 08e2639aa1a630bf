"""The ingest with its real store and bucket; only models, search, queue and functions are in-memory fakes."""

import hashlib
import json
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

import pytest

from documind.clients.objects import Objects, upload_key
from documind.stores.budgets import Allowance, BudgetStore
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.items import ItemTable
from documind.wire import User
from ingest import dead_letter, handler, index
from ingest.services import Services
from tests.fakes import FakeFunctions, FakeQueue
from tests.functional.ingest.conftest import BUCKET
from tests.functional.ingest.stand_ins import CountedModels, ListedSearch
from tests.lambda_context import Context
from tests.plain_pdf import plain_pdf

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.service_resource import Table
    from mypy_boto3_s3.client import S3Client

ROOM = "room"
REMAINING_S = 100
PDF = plain_pdf(["Tea costs 3.50. " * 60, "", "Water is free."])


@dataclass
class World:
    """The services of the ingest; `told` lists the document states that the room was sent."""

    rooms_table: "Table"
    documents: DocumentStore
    objects: Objects
    s3: "S3Client"
    models: CountedModels = field(default_factory=CountedModels)
    search: ListedSearch = field(default_factory=ListedSearch)
    told: list[StoredDocument] = field(default_factory=list)
    queue: FakeQueue = field(default_factory=FakeQueue)
    functions: FakeFunctions = field(default_factory=FakeFunctions)

    def services(self) -> Services:
        a_day = Allowance(pages=9)
        budgets = BudgetStore(ItemTable(self.rooms_table), of_user=a_day, of_room=a_day)
        reading = (self.documents, budgets, self.objects, self.models, self.search, self.told.append, self.queue)
        return Services(*reading, self.functions.answer(), self.search.delete_overtaken)

    def pages_counted(self) -> list[int]:
        """Return the pages counted against the budgets of ada and of the room, if these exist."""
        items = self.rooms_table.scan()["Items"]
        return [int(str(item["pages"])) for item in items if str(item["pk"]).startswith("BUDGET#")]

    def upload(self, content: bytes, *, announced: bytes | None = None) -> tuple[StoredDocument, dict[str, Any]]:
        sha256 = hashlib.sha256(content if announced is None else announced).hexdigest()
        document = self.documents.register(ROOM, "tea.pdf", len(content), sha256, User(user_id="u", name="ada"))
        return document, self.put(upload_key(ROOM, document.document_id), content)

    def put(self, key: str, content: bytes) -> dict[str, Any]:
        """Put an object and return the queue's event about it."""
        version_id = self.s3.put_object(Bucket=BUCKET, Key=key, Body=content)["VersionId"]
        return event(key, version_id)

    def now(self, document: StoredDocument) -> StoredDocument:
        found = self.documents.get(ROOM, document.document_id)
        assert found
        return found

    def versions(self) -> list[str]:
        return [version["Key"] for version in self.s3.list_object_versions(Bucket=BUCKET).get("Versions", [])]


class KilledError(BaseException):
    """The kill of a function, which `except Exception` does not catch."""


def event(key: str, version_id: str) -> dict[str, Any]:
    s3 = {"object": {"key": quote_plus(key, safe="/"), "versionId": version_id}}
    return message({"Records": [{"eventSource": "aws:s3", "s3": s3}]})


def message(body: dict[str, Any]) -> dict[str, Any]:
    return {"Records": [{"eventSource": "aws:sqs", "receiptHandle": "receipt", "body": json.dumps(body)}]}


def run(the_event: dict[str, Any], *, message_id: str = "m1", received: int = 1) -> bool:
    """Handle the event; return whether its message is deleted from the queue."""
    attributes = {"ApproximateReceiveCount": str(received)}
    the_event["Records"][0] |= {"messageId": message_id, "attributes": attributes}
    failures = handler.handler(the_event, Context(remaining_s=REMAINING_S))["batchItemFailures"]
    return not failures


@pytest.fixture
def world(
    rooms_table: "Table", documents: DocumentStore, objects: Objects, s3: "S3Client", monkeypatch: pytest.MonkeyPatch
) -> World:
    world = World(rooms_table, documents, objects, s3)
    services = world.services()
    monkeypatch.setattr(handler, "services", lambda: services)
    monkeypatch.setattr(index, "POLL_S", 0.0)
    of_dead_letters = SimpleNamespace(documents=documents, broadcast_document=world.told.append)
    monkeypatch.setattr(dead_letter, "_services", lambda: of_dead_letters)
    return world
