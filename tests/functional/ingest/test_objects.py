"""The bucket: links that allow exactly one thing, uploads by version, page texts."""

import base64
import gzip
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlparse

import pytest

from documind.clients.objects import Objects, page_key, upload_key
from documind.errors import Code, DocumindError
from documind.pages import PageLine, PageText
from tests.functional.ingest.conftest import BUCKET, REGION

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client

KEY = upload_key("room", "document")


def conditions(fields: dict[str, str]) -> list[Any]:
    policy = json.loads(base64.b64decode(fields["policy"]))
    return [condition for condition in policy["conditions"] if "x-amz" not in str(condition)]


@pytest.mark.usefixtures("aws")
def test_an_upload_may_be_one_key_one_type_and_as_large_as_said() -> None:
    url, fields = Objects.of_bucket(BUCKET).upload_target(KEY, size_bytes=1000)
    assert url == f"https://{BUCKET}.s3.{REGION}.amazonaws.com/"  # the global address would redirect
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
def test_an_upload_that_is_gone_says_so(objects: Objects, tmp_path: Path, version_id: str | None) -> None:
    with pytest.raises(DocumindError) as caught:
        objects.read_upload(KEY, version_id, tmp_path / "upload.pdf")
    assert caught.value.code == Code.UPLOAD_INCOMPLETE


def test_the_text_of_a_page_comes_back_to_the_letter(objects: Objects) -> None:
    text = '第一行\n𠮷 😀 \\ " end '
    objects.write_page("ingest", 3, PageText(text))
    assert objects.read_page("ingest", 3) == PageText(text)
    with pytest.raises(DocumindError) as caught:
        objects.read_page("ingest", 4)
    assert caught.value.code == Code.DOCUMENT_NOT_FOUND


def test_the_rectangles_of_a_page_come_back(objects: Objects) -> None:
    lows, highs = [56.693, 612.345, 70], [70, 618.9, 56.693]
    page = PageText("one\ntwo", (PageLine.of_edges(0, "x", (9, 21), lows, highs),), from_picture=True)
    objects.write_page("ingest", 1, page)
    read = objects.read_page("ingest", 1)
    assert (read.text, read.from_picture, read.lines[0].edges) == (page.text, True, page.lines[0].edges)


def test_pages_of_the_version_before_are_read(objects: Objects, s3: "S3Client") -> None:
    record = {"version": 2, "text": "Tea", "lines": [[0, 1, 500, 620, 0, 120, 0, 121, -1, 130]]}
    body = gzip.compress(json.dumps(record).encode())
    s3.put_object(Bucket=BUCKET, Key=page_key("ingest", 1), Body=body)
    (line,) = objects.read_page("ingest", 1).lines
    assert (line.axis, line.low, line.high, line.end) == ("y", 500, 620, 3)
    assert line.edges == [(0, 120), (120, 241), (240, 370)]


def test_an_upload_is_read_in_one_request_however_large(objects: Objects, s3: "S3Client", tmp_path: Path) -> None:
    """The local AWS ignores `Range` where a version is named, so parts would each be the whole file."""
    requests: list[str] = []
    body = bytes(range(256)) * 40_000  # 10 MB, beyond what boto3's transfers take in one part
    version = s3.put_object(Bucket=BUCKET, Key=KEY, Body=body)["VersionId"]
    s3.meta.events.register("before-send.s3", lambda request, **_: requests.append(request.method))
    objects.read_upload(KEY, version, tmp_path / "upload.pdf")
    assert (tmp_path / "upload.pdf").read_bytes() == body
    assert requests == ["GET"]
