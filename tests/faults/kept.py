"""Reads what is stored about documents in the index, bucket, table and queues of the deployed system."""

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import urllib3

from documind.clients.objects import pages_of, upload_key
from documind.clients.search_requests import EVERY_INDEX
from documind.stores.documents import DocumentStore, StoredDocument
from documind.stores.items import ItemTable
from ingest.reader.read import read_pages
from ingest.split import split
from local import aws
from tests.faults.tables import Tables

QUEUES = ("Ingestion", "Erasure")
COUNTS = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesDelayed"]
SETTLED_WITHIN_S = 180
ENDED_WITHIN_S = 1_200  # for a document that is queued behind many others
POLL_S = 0.2
Place = tuple[int, int, int]  # page, start and end of a chunk


class Kept:
    """Reads the stores directly, not through the functions."""

    def __init__(self, tables: Tables) -> None:
        self._deployed = tables.deployed
        self._store = DocumentStore(ItemTable(tables.rooms))
        self._s3 = aws.client(self._deployed.aws_endpoint, "s3")
        self._sqs = aws.client(self._deployed.aws_endpoint, "sqs")

    def document(self, chat_id: str, document_id: str) -> StoredDocument:
        """Return a document as it is now; fails if there is none."""
        document = self._store.get(chat_id, document_id)
        assert document
        return document

    def is_gone(self, chat_id: str, document_id: str) -> bool:
        return self._store.get(chat_id, document_id) is None

    def ended(self, chat_id: str, document_id: str, within_s: float = ENDED_WITHIN_S) -> StoredDocument:
        """Return a document once it is ready or has failed."""
        wait_until(lambda: self.document(chat_id, document_id).status in {"ready", "failed"}, within_s)
        return self.document(chat_id, document_id)

    def chunks(self, document_id: str) -> list[tuple[str, Place]]:
        """Return the attempt id and the place of each chunk of a document, from all attempts."""
        self._search("POST", "_refresh", {})
        found: list[tuple[str, Place]] = []
        fields = ["ingest_id", "page", "start", "end"]
        query = {"size": 10_000, "_source": fields, "query": {"term": {"document_id": document_id}}}
        for hit in self._search("POST", "_search", query)["hits"]["hits"]:
            source = hit["_source"]
            found.append((source["ingest_id"], (source["page"], source["start"], source["end"])))
        return found

    def page_objects(self, ingest_id: str) -> set[str]:
        """Return the keys of the objects with page texts of an ingest."""
        return self._objects(pages_of(ingest_id))

    def uploads(self, chat_id: str, document_id: str) -> int:
        return len(self._objects(upload_key(chat_id, document_id)))

    def messages(self) -> int:
        """Return the number of messages in the queues of ingest and erasures and in their dead-letter queues."""
        urls = [url for url in self._sqs.list_queues()["QueueUrls"] if any(name in url for name in QUEUES)]
        assert len(urls) == 2 * len(QUEUES)
        answers = [self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=COUNTS) for url in urls]
        return sum(int(answer["Attributes"][name]) for answer in answers for name in COUNTS)

    def _objects(self, prefix: str) -> set[str]:
        """Return the keys of the objects below a prefix, including deleted ones that still have a version."""
        pages = self._s3.get_paginator("list_object_versions").paginate(
            Bucket=self._deployed.outputs["DocumentsBucket"], Prefix=prefix
        )
        return {version["Key"] for page in pages for version in page.get("Versions", [])}

    def _search(self, method: str, action: str, body: dict[str, Any]) -> dict[str, Any]:
        answer = urllib3.request(method, f"{self._deployed.search_url}/{EVERY_INDEX}/{action}", json=body)
        assert answer.status == 200, answer.data
        found: dict[str, Any] = answer.json()
        return found


def places_in(path: Path) -> Counter[Place]:
    """Return the places of the passages of a PDF, by reading it in this process."""
    places: Counter[Place] = Counter()
    for page in read_pages(path):
        places.update((page.number, span.start, span.end) for span in split(page.layout))
    return places


def wait_until(holds: Callable[[], bool], within_s: float = SETTLED_WITHIN_S) -> None:
    """Return once `holds()` is true; fails if it is not within `within_s`."""
    give_up_at = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < give_up_at
        time.sleep(POLL_S)
