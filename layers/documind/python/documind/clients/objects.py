"""The S3 bucket of documents: uploaded PDFs, and the texts of their pages."""

import gzip
import json
import re
import shutil
from collections.abc import Sequence
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from botocore.config import Config
from botocore.exceptions import ClientError

from documind.clients import aws
from documind.errors import Code, DocumindError, NotFoundError, UnreadableDocumentError
from documind.pages import PageText

if TYPE_CHECKING:
    from mypy_boto3_s3.client import S3Client
    from mypy_boto3_s3.type_defs import ObjectIdentifierTypeDef

    from documind.stores.documents import StoredDocument

PDF_TYPE = "application/pdf"
# The floats of `PageLine.places` follow the JSON, without their lowest byte (at most a 60th of a point): all second
# bytes, then all third, then all fourth, which compresses best. Version 3 had one page in each object; versions 1 and 2
# had their positions, if any, in the JSON, where they are no longer read.
PAGES_VERSION = 4
FLOAT_BYTES, KEPT_BYTES = 4, (1, 2, 3)
UPLOAD_FORM_S = 300  # validity of a presigned POST; an upload that has begun may take longer
VIEW_LINK_S = 60  # a removed user can open a PDF for no longer than this; the web page requests new links
# Links must use the regional endpoint: the global one redirects, which a browser does not follow with CORS, and the
# website's headers do not allow it. In us-east-1 boto3 uses the global one by default:
# https://docs.aws.amazon.com/sdkref/latest/guide/feature-s3-regional-endpoint.html
SIGNED_LINKS = Config(
    signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"}
)
GONE = {"404", "NoSuchKey", "NoSuchVersion"}
GROUP = re.compile(r"/(\d+)-(\d+)\.json\.gz$")


def upload_key(chat_id: str, document_id: str) -> str:
    """Return the S3 key under which the PDF of a document is uploaded."""
    return f"{uploads_of(chat_id)}{document_id}.pdf"


def upload_message(key: str, version_id: str | None) -> dict[str, Any]:
    """Return an S3 event for an upload that has arrived before, to have it read again.

    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    uploaded = {"key": quote(key), **({"versionId": version_id} if version_id else {})}
    return {"Records": [{"s3": {"object": uploaded}}]}


def uploads_of(chat_id: str) -> str:
    """Return the key prefix of all uploads of a room."""
    return f"uploads/{chat_id}/"


def pages_of(ingest_id: str) -> str:
    """Return the key prefix of all page texts of one ingest."""
    return f"pages/{ingest_id}/"


def pages_key(ingest_id: str, first: int, last: int) -> str:
    """Return the key of the object with the texts of these pages; pages count from 1."""
    return f"{pages_of(ingest_id)}{first if first == last else f'{first}-{last}'}.json.gz"


def texts_in(key: str) -> int:
    """Return how many pages' texts the object with this key holds, 1 for any that is not a group of pages."""
    group = GROUP.search(key)
    return int(group[2]) - int(group[1]) + 1 if group else 1


class Objects:
    """Uploads and page texts in one bucket."""

    def __init__(self, s3_client: "S3Client", bucket: str) -> None:
        self._s3 = s3_client
        self._bucket = bucket

    @classmethod
    def of_bucket(cls, name: str) -> "Objects":
        """Return the objects of this bucket, without opening a network connection."""
        return cls(aws.client("s3", config=SIGNED_LINKS), name)

    def upload_target(self, key: str, *, size_bytes: int) -> tuple[str, dict[str, str]]:
        """Return URL and form fields of a presigned POST for a PDF of exactly this size to `key`."""
        target = self._s3.generate_presigned_post(
            self._bucket,
            key,
            Fields={"Content-Type": PDF_TYPE},
            Conditions=[{"Content-Type": PDF_TYPE}, ["content-length-range", size_bytes, size_bytes]],
            ExpiresIn=UPLOAD_FORM_S,
        )
        return target["url"], target["fields"]

    def view_link(self, key: str, *, version_id: str | None = None, file_name: str) -> str:
        """Return a presigned link that shows the PDF in the browser under its file name (RFC 5987)."""
        parameters: dict[str, Any] = {
            "Bucket": self._bucket,
            "Key": key,
            "ResponseContentType": PDF_TYPE,
            "ResponseContentDisposition": f"inline; filename*=UTF-8''{quote(file_name, safe='')}",
            **_version(version_id),
        }
        return self._s3.generate_presigned_url("get_object", Params=parameters, ExpiresIn=VIEW_LINK_S)

    def read_upload(self, key: str, version_id: str | None, path: Path) -> None:
        """Download an uploaded PDF to the file `path` in one request; at most 50 MB, it needs no ranges.

        Raises UnreadableDocumentError(UPLOAD_INCOMPLETE) when the object does not exist.
        """
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=key, **_version(version_id))["Body"]
        except ClientError as error:
            raise _gone_or(error, UnreadableDocumentError(Code.UPLOAD_INCOMPLETE)) from error
        with closing(body), path.open("wb") as file:
            shutil.copyfileobj(body, file)

    def delete_upload(self, key: str, version_id: str | None) -> None:
        """Delete one version of an uploaded object; with `None`, the current one."""
        self._s3.delete_object(Bucket=self._bucket, Key=key, **_version(version_id))

    def delete_all(self, prefix: str) -> int:
        """Delete all versions of what is below a prefix, and delete markers; return how many PDFs or page texts."""
        versions = 0
        for page in self._s3.get_paginator("list_object_versions").paginate(Bucket=self._bucket, Prefix=prefix):
            found = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]  # at most 1,000, as for a deletion
            keys: list[ObjectIdentifierTypeDef] = [
                {"Key": each["Key"], "VersionId": each["VersionId"]} for each in found
            ]
            if keys:
                answer = self._s3.delete_objects(Bucket=self._bucket, Delete={"Objects": keys, "Quiet": True})
                if answer.get("Errors"):
                    raise RuntimeError(f"S3 does not delete {len(answer['Errors'])} objects below {prefix}")
            versions += sum(texts_in(each["Key"]) for each in page.get("Versions", []))
        return versions

    def write_pages(self, ingest_id: str, first: int, pages: Sequence[PageText]) -> None:
        """Store the texts of pages from page `first` (from 1) on as one object, with their positions."""
        records = [{"text": page.text, "lines": page.records} for page in pages]
        head = json.dumps({"version": PAGES_VERSION, "pages": records}, ensure_ascii=False, separators=(",", ":"))
        places = b"".join([page.places for page in pages])
        kept = b"".join(places[byte::FLOAT_BYTES] for byte in KEPT_BYTES)
        body = gzip.compress(head.encode() + b"\n" + kept, compresslevel=1, mtime=0)
        key = pages_key(ingest_id, first, first + len(pages) - 1)
        self._s3.put_object(Bucket=self._bucket, Key=key, Body=body, ContentType="application/gzip")

    def read_pages(self, document: "StoredDocument", page: int) -> dict[int, PageText]:
        """Return the texts of page `page` (from 1) and of those that share its object, by their numbers.

        Raises NotFoundError(DOCUMENT_NOT_FOUND) when there is no such page.
        """
        first, last = document.group_of(page)
        key = pages_key(document.ingest_id or "", first, last)
        try:
            body = self._s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
        except ClientError as error:
            raise _gone_or(error, NotFoundError(Code.DOCUMENT_NOT_FOUND)) from error
        head, _, kept = gzip.decompress(body).partition(b"\n")
        record = json.loads(head)
        floats = len(kept) // len(KEPT_BYTES)
        places = bytearray(floats * FLOAT_BYTES)
        for number, byte in enumerate(KEPT_BYTES):
            places[byte::FLOAT_BYTES] = kept[number * floats : (number + 1) * floats]
        pages, stream = record.get("pages", [record]), BytesIO(places)
        texts = [PageText.of_records(page["text"], page["lines"] if kept else [], stream) for page in pages]
        return dict(enumerate(texts, start=first))


def _version(version_id: str | None) -> dict[str, Any]:
    return {"VersionId": version_id} if version_id else {}


def _gone_or(error: ClientError, gone: DocumindError) -> Exception:
    """Return the exception to raise for a failed read: `gone` for a missing object, else the error itself."""
    return gone if error.response["Error"].get("Code") in GONE else error
