"""The bucket: links that allow one operation each, uploads by version, page texts."""

import base64
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest

from documind.clients.objects import Objects, upload_key
from documind.errors import Code, DocumindError
from documind.pages import PageLine, PageText
from documind.stores.checkpoint import Checkpoint
from documind.stores.documents import StoredDocument
from tests.functional.ingest.conftest import BUCKET, REGION

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

KEY = upload_key("room", "document")


def conditions(fields: dict[str, str]) -> list[Any]:
    policy = json.loads(base64.b64decode(fields["policy"]))
    return [condition for condition in policy["conditions"] if "x-amz" not in str(condition)]


@pytest.mark.usefixtures("aws")
def test_an_upload_must_have_the_key_type_and_size_of_its_form() -> None:
    url, fields = Objects.of_bucket(BUCKET).upload_target(KEY, size_bytes=1000)
    assert url == f"https://{BUCKET}.s3.{REGION}.amazonaws.com/"  # the global endpoint would redirect
    assert fields["key"] == KEY == "uploads/room/document.pdf"
    assert fields["Content-Type"] == "application/pdf"
    assert conditions(fields) == [
        {"Content-Type": "application/pdf"},
        ["content-length-range", 1000, 1000],
        {"bucket": BUCKET},
        {"key": KEY},
    ]


@pytest.mark.usefixtures("aws")
def test_a_link_shows_the_pdf_under_its_name() -> None:
    objects = Objects.of_bucket(BUCKET)
    link = urlparse(objects.view_link(KEY, version_id="v1", file_name='a, "b" 報告.pdf'))
    query = {name: values[0] for name, values in parse_qs(link.query).items()}
    assert (link.path, query["versionId"], query["X-Amz-Expires"]) == (f"/{KEY}", "v1", "60")
    assert query["response-content-type"] == "application/pdf"
    assert query["response-content-disposition"] == ("inline; filename*=UTF-8''a%2C%20%22b%22%20%E5%A0%B1%E5%91%8A.pdf")


def test_an_upload_is_read_in_the_version_that_was_recorded(objects: Objects, s3: "S3Client", tmp_path: Path) -> None:
    first = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"first")["VersionId"]
    second = s3.put_object(Bucket=BUCKET, Key=KEY, Body=b"second")["VersionId"]
    path = tmp_path / "upload.pdf"
    objects.read_upload(KEY, first, path)
    assert path.read_bytes() == b"first"
    objects.delete_upload(KEY, second)
    objects.read_upload(KEY, None, path)
    assert path.read_bytes() == b"first"


@pytest.mark.parametrize("version_id", [None, "11111111-1111-1111-1111-111111111111"])
def test_a_missing_upload_is_reported(objects: Objects, tmp_path: Path, version_id: str | None) -> None:
    with pytest.raises(DocumindError) as caught:
        objects.read_upload(KEY, version_id, tmp_path / "upload.pdf")
    assert caught.value.code == Code.UPLOAD_INCOMPLETE


def stored(*groups: tuple[int, int]) -> StoredDocument:
    """Return a document whose checkpoint names these groups of pages."""
    told = {"chat_id": "room", "document_id": "document", "name": "a.pdf", "size_bytes": 1, "sha256": "0" * 64}
    kept = {"status": "ready", "ingest_id": "ingest", "checkpoint": Checkpoint(groups=groups)}
    return StoredDocument.model_validate(told | kept)


def test_the_texts_of_pages_are_read_back_unchanged(objects: Objects) -> None:
    texts = '第一行\n𠮷 😀 \\ " end ', "", "third"
    objects.write_pages("ingest", 3, [PageText(text) for text in texts])
    document = stored((1, 2), (3, 5))
    assert [objects.read_pages(document, page)[page] for page in (3, 4, 5)] == [PageText(text) for text in texts]
    with pytest.raises(DocumindError) as caught:
        objects.read_pages(document, 6)[6]
    assert caught.value.code == Code.DOCUMENT_NOT_FOUND


def test_the_rectangles_of_pages_are_read_back(objects: Objects) -> None:
    lows, highs = [56.693, 612.345, 70], [70, 618.9, 56.693]
    line, other = (PageLine.of_edges(start, "x", (9, 21), lows, highs) for start in (0, 4))
    pages = [PageText("one\ntwo", (line, other)), PageText(""), PageText("one", (line,))]
    objects.write_pages("ingest", 1, pages)
    read = objects.read_pages(stored((1, 3)), 2)
    assert {number: page.text for number, page in read.items()} == {1: "one\ntwo", 2: "", 3: "one"}
    assert [[line.edges for line in page.lines] for page in read.values()] == [[line.edges] * 2, [], [line.edges]]


def test_pages_of_earlier_versions_are_read(objects: Objects, s3: "S3Client") -> None:
    line = PageLine.of_edges(0, "y", (50, 62), [0.0, 12.0, 24.0], [12.1, 24.1, 37.0])
    records = {2: [[0, 1, 500, 620, 0, 120, 0, 121, -1, 130]], 3: [[0, 1, 500, 620, 3]]}
    for version, lines in records.items():
        kept = b"".join(line.places[byte::4] for byte in (1, 2, 3)) if version == 3 else b""
        body = json.dumps({"version": version, "text": "Tea", "lines": lines}).encode() + b"\n" + kept
        s3.put_object(Bucket=BUCKET, Key=f"pages/ingest/{version}.json.gz", Body=gzip.compress(body))
    second, third = (objects.read_pages(stored(), page)[page] for page in records)
    assert (second.text, second.lines) == ("Tea", ())  # without lines, its citations have no rectangles
    assert (third.text, third.lines[0].edges) == ("Tea", line.edges)


def test_an_upload_is_read_in_one_request_however_large(objects: Objects, s3: "S3Client", tmp_path: Path) -> None:
    """The local AWS ignores `Range` in requests for a version, so each part would be the whole file."""
    requests: list[str] = []
    body = bytes(range(256)) * 40_000  # 10 MB, more than one part of boto3's transfers
    version = s3.put_object(Bucket=BUCKET, Key=KEY, Body=body)["VersionId"]
    s3.meta.events.register("before-send.s3", lambda request, **_: requests.append(request.method))
    objects.read_upload(KEY, version, tmp_path / "upload.pdf")
    assert (tmp_path / "upload.pdf").read_bytes() == body
    assert requests == ["GET"]
