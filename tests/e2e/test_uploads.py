"""Uploads that are no new readable PDF: each says what it is."""

import io

import pypdf
import pytest

from documind.errors import Code
from documind_cli.uploading import post_form
from tests.deployed import Person
from tests.e2e.rooms import HANDBOOK, announce, follow, upload, upload_content


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
    target = announce(client, "handbook.pdf", HANDBOOK.read_bytes())
    assert target.url is not None
    post_form(target.url, target.fields, "handbook.pdf", scanned_pdf())
    document, _ = follow(client, target.document.document_id)
    assert (document.status, document.reason) == ("failed", Code.UPLOAD_INCOMPLETE)


def test_the_same_file_twice_is_recognised(person: Person) -> None:
    client = person.connect()
    client.open("Twice")
    first, _ = upload(client, HANDBOOK)
    again = announce(client, "another name.pdf", HANDBOOK.read_bytes())
    assert again.url is None
    assert again.document == first
    assert client.open("Twice").documents == [first]
