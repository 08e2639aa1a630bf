"""Uploads that are not new readable PDFs: each fails or is recognised with the right reason."""

import io

import pypdf
import pytest

from documind.errors import Code
from documind.ids import new_random_id
from documind.wire import DocumentDelete, DocumentFrame, DocumentRetry, ReceiptFrame
from documind_cli.uploading import post_form, register
from tests.deployed import Person
from tests.e2e.rooms import HANDBOOK, follow, upload, upload_content


def saved(writer: pypdf.PdfWriter) -> bytes:
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def protected_pdf() -> bytes:
    writer = pypdf.PdfWriter(clone_from=HANDBOOK)
    writer.encrypt("secret", algorithm="AES-256")
    return saved(writer)


def scanned_pdf() -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=300, height=300)
    return saved(writer)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>no PDF at all</html>", Code.PDF_INVALID),
        (HANDBOOK.read_bytes()[:3000], Code.PDF_INVALID),
        (protected_pdf(), Code.PDF_ENCRYPTED),
        (scanned_pdf(), Code.PDF_WITHOUT_TEXT),
    ],
    ids=["html", "truncated", "password", "without text"],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, reason: Code, person: Person) -> None:
    client = person.connect()
    client.open("Failing")
    document, told = upload_content(client, "broken, or not.pdf", content)
    assert (document.status, document.reason) == ("failed", reason)
    assert [frame.document.status for frame in told].count("failed") == 1
    assert client.open("Failing").documents == [document]


def test_a_file_that_is_not_the_one_announced_fails(person: Person) -> None:
    client = person.connect()
    client.open("Swapped")
    content = HANDBOOK.read_bytes()
    target = register(client, "handbook.pdf", content)
    assert target.url is not None
    for other_size in (content[:-1], content + b"\n"):
        with pytest.raises(OSError, match="refused"):
            post_form(target.url, target.fields, "handbook.pdf", other_size)
    post_form(target.url, target.fields, "handbook.pdf", content[:-1] + b"\0")
    document, _ = follow(client, target.document.document_id)
    assert (document.status, document.reason) == ("failed", Code.UPLOAD_INCOMPLETE)


def test_a_failed_document_is_read_again_and_a_deleted_one_has_a_receipt(person: Person) -> None:
    client = person.connect()
    chat_id = client.open("Cleared").chat_id
    failed, _ = upload_content(client, "scanned.pdf", scanned_pdf())
    retry = DocumentRetry(request_id=new_random_id(), chat_id=chat_id, document_id=failed.document_id)
    assert client.request(retry, DocumentFrame).document.status == "queued"
    assert follow(client, failed.document_id)[0] == failed
    ready, _ = upload(client, HANDBOOK)
    delete = DocumentDelete(request_id=new_random_id(), chat_id=chat_id, document_id=ready.document_id)
    begun = client.request(delete, ReceiptFrame).receipt
    gone = client.wait_for(DocumentFrame, lambda frame: frame.document.status == "deleted", 60)
    assert gone.document.document_id == ready.document_id
    done = client.wait_for(ReceiptFrame, lambda frame: frame.receipt.erased_at is not None, 60).receipt
    assert (done.receipt_id, done.removed.uploads, done.removed.page_texts) == (begun.receipt_id, 1, ready.pages_total)
    assert done.removed.chunks > 0
    assert client.open("Cleared").documents == [failed]


def test_the_same_file_twice_is_recognised(person: Person) -> None:
    client = person.connect()
    client.open("Twice")
    first, _ = upload(client, HANDBOOK)
    again = register(client, "another name.pdf", HANDBOOK.read_bytes())
    assert again.url is None
    assert again.document.document_id == first.document_id
    (kept,) = client.open("Twice").documents
    assert kept.document_id == first.document_id  # its summary may have come meanwhile
