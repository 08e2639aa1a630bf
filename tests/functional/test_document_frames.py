"""The frames about documents: presigned POSTs, refusals, and the text and rectangles of a passage."""

import base64
import json
import time

import pytest

from documind import wire
from documind.clients.objects import upload_key
from documind.errors import Code
from documind.pages import PageLine, PageText
from documind.stores.documents import StoredDocument
from tests.functional.world import ANN, HERE, Person, World, kinds, only

SHA = "ab" * 32


def upload(name: str = '物理, "1" 😀.pdf', size: int = 1_000, sha256: str = SHA) -> wire.Upload:
    return wire.Upload(request_id="r1", chat_id=HERE, name=name, size=size, sha256=sha256)


def arrive(world: World, chat_id: str, document_id: str) -> None:
    world.documents.queue(chat_id, document_id, upload_key(chat_id, document_id), "v1")


def test_an_upload_gets_a_presigned_post_and_the_room_sees_the_document(
    world: World, ann: Person, chat_id: str
) -> None:
    bob = world.person("bob")
    world.invite(chat_id, "bob")
    bob.enter(chat_id)
    ann.seen()
    (target,) = ann.send(upload())
    assert isinstance(target, wire.UploadTarget)
    assert (target.request_id, target.document.name, target.document.status) == (
        "r1",
        '物理, "1" 😀.pdf',
        "awaiting_upload",
    )
    assert only(wire.DocumentFrame, bob.seen()).document == target.document
    (kept,) = world.documents.list(chat_id)
    assert (kept.document_id, kept.user_id, kept.sha256) == (target.document.document_id, "ann", SHA)


def test_the_presigned_post_takes_one_pdf_of_the_registered_size_under_one_key(ann: Person, chat_id: str) -> None:
    target = only(wire.UploadTarget, ann.send(upload()))
    key = f"uploads/{chat_id}/{target.document.document_id}.pdf"
    assert target.fields["key"] == key
    policy = json.loads(base64.b64decode(target.fields["policy"]))
    assert {"key": key} in policy["conditions"]
    assert ["content-length-range", 1_000, 1_000] in policy["conditions"]
    assert {"Content-Type": "application/pdf"} in policy["conditions"]


@pytest.mark.parametrize("arrived", [True, False])
def test_the_same_file_twice_in_a_room_is_recognised(world: World, ann: Person, chat_id: str, arrived: bool) -> None:
    first = only(wire.UploadTarget, ann.send(upload()))
    if arrived:
        arrive(world, chat_id, first.document.document_id)
    again = only(wire.UploadTarget, ann.send(upload(name="copy.pdf")))
    assert again.document.document_id == first.document.document_id
    assert (again.url is None) is arrived  # a file that never arrived gets a new URL
    assert again.request_id == "r1"
    assert len(world.documents.list(chat_id)) == 1


def test_a_file_of_another_room_or_a_failed_one_is_uploaded_again(world: World, ann: Person, chat_id: str) -> None:
    first = only(wire.UploadTarget, ann.send(upload()))
    arrive(world, chat_id, first.document.document_id)
    world.documents.fail(chat_id, first.document.document_id, Code.PDF_INVALID)
    assert only(wire.UploadTarget, ann.send(upload())).url
    ann.open("Chemistry")
    assert only(wire.UploadTarget, ann.send(upload())).url


@pytest.mark.parametrize(("size", "refused"), [(2_000_000, False), (2_000_001, True)])
def test_a_file_that_is_too_large_is_refused(world: World, ann: Person, chat_id: str, size: int, refused: bool) -> None:
    world.set_up(limits=wire.Limits(max_upload_bytes=2_000_000, apology_after_s=60))
    frames = ann.send(upload(size=size))
    assert kinds(frames) == (["error"] if refused else ["upload"])
    assert len(world.documents.list(chat_id)) == (not refused)
    if refused:
        error = only(wire.ErrorFrame, frames)
        assert (error.code, "2 MB" in error.message) == (Code.UPLOAD_TOO_LARGE, True)


def test_a_full_room_takes_no_document_until_one_is_deleted(world: World, ann: Person, chat_id: str) -> None:
    world.set_up(limits=wire.Limits(max_room_documents=2, apology_after_s=60))
    documents = [only(wire.UploadTarget, ann.send(upload(sha256=f"{n:064}"))).document for n in range(2)]
    error = only(wire.ErrorFrame, ann.send(upload()))
    assert (error.code, "2 documents" in error.message) == (Code.DOCUMENT_LIMIT, True)
    world.documents.fail(chat_id, documents[0].document_id, Code.PDF_INVALID)
    assert kinds(ann.send(upload())) == ["error"]
    ann.send(wire.DocumentDelete(request_id="r", chat_id=HERE, document_id=documents[0].document_id))
    assert kinds(ann.send(upload())) == ["upload"]


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [
        ("empty.pdf", 0, Code.UPLOAD_EMPTY),
        ("a\0.pdf", 1, Code.NAME_INVALID),
        ("a\nb.pdf", 1, Code.NAME_INVALID),
        ("a\u2028b.pdf", 1, Code.NAME_INVALID),
        ("\u202efdp.exe", 1, Code.NAME_INVALID),
        (" ", 1, Code.NAME_INVALID),
    ],
)
def test_an_empty_file_and_a_deceptive_name_are_refused_with_a_sentence(
    world: World, ann: Person, chat_id: str, name: str, size: int, code: Code
) -> None:
    assert only(wire.ErrorFrame, ann.send(upload(name, size))).code == code
    assert world.documents.list(chat_id) == ()


def test_a_room_gets_no_deceptive_name(ann: Person, chat_id: str) -> None:
    for frame in (
        wire.Open(request_id="r", room="a\nb"),
        wire.RoomRename(request_id="r", chat_id=chat_id, name="Salaries\u202e"),
    ):
        assert only(wire.ErrorFrame, ann.send(frame)).code == Code.NAME_INVALID


def view(document: StoredDocument, page: int = 1, start: int = 0, end: int = 0) -> wire.DocumentView:
    return wire.DocumentView(
        request_id="r1", chat_id=HERE, document_id=document.document_id, page=page, start=start, end=end
    )


@pytest.mark.parametrize(
    ("page", "start", "end", "quote"),
    [(1, 0, 4, "質量😀即"), (1, 2, 3, "😀"), (1, 5, 99, "性。"), (2, 0, 6, "Energy"), (1, 3, 3, ""), (1, 4, 2, "")],
)
def test_a_passage_is_quoted_by_code_points(
    world: World, ann: Person, chat_id: str, page: int, start: int, end: int, quote: str
) -> None:
    document = world.ready_document(chat_id, "質量😀即慣性。", "Energy.")
    (frame,) = ann.send(view(document, page, start, end))
    assert isinstance(frame, wire.View)
    assert (frame.request_id, frame.document_id, frame.page, frame.quote) == (
        "r1",
        document.document_id,
        page,
        quote,
    )


def test_a_passage_comes_with_the_rectangles_under_it(world: World, ann: Person, chat_id: str) -> None:
    document = world.ready_document(chat_id, "質量即慣性。")
    letters = [(10.0 * index, 10.0 * (index + 1)) for index in range(6)]
    page = PageText("質量即慣性。", (PageLine.of_edges(0, "x", (30.0, 42.0), *zip(*letters, strict=True)),))
    world.objects.write_pages(str(document.ingest_id), 1, [page])
    assert only(wire.View, ann.send(view(document, 1, 3, 5))).rects == [(30.0, 30.0, 50.0, 42.0)]


def test_the_link_shows_the_recorded_version_under_its_file_name_and_expires(
    world: World, ann: Person, chat_id: str
) -> None:
    document = world.ready_document(chat_id, "Mass.", name="物理.pdf")
    frame = only(wire.View, ann.send(view(document)))
    assert f"/uploads/{chat_id}/{document.document_id}.pdf?" in frame.url
    assert "versionId=v1" in frame.url
    assert "%25E7%2589%25A9" in frame.url
    assert frame.expires_at == pytest.approx(time.time() + 60, abs=5)


def test_the_view_of_a_whole_page_fits_a_frame(world: World, ann: Person, chat_id: str) -> None:
    document = world.ready_document(chat_id, "長" * 50_000)
    assert only(wire.View, ann.send(view(document, end=50_000))).quote == "長" * 4_000


def test_a_document_of_another_room_cannot_be_viewed(world: World, ann: Person, chat_id: str) -> None:
    document = world.ready_document(chat_id, "Mass.")
    coming = world.documents.register(chat_id, "coming.pdf", 1, SHA, ANN)
    eve = world.person("eve")
    eve.open("Spying")
    for person, frame in (
        (eve, view(document)),
        (ann, view(coming)),
        (ann, wire.DocumentView(request_id="r1", chat_id=HERE, document_id="d-elsewhere")),
    ):
        assert only(wire.ErrorFrame, person.send(frame)).code == Code.DOCUMENT_NOT_FOUND


@pytest.mark.parametrize("page", [3, 2**53 - 1])
def test_a_missing_page_is_refused_with_the_number_of_the_last_one(
    world: World, ann: Person, chat_id: str, page: int
) -> None:
    document = world.ready_document(chat_id, "Mass.", "Energy.")
    error = only(wire.ErrorFrame, ann.send(view(document, page=page, end=5)))
    assert (error.code, "page 2" in error.message) == (Code.PAGE_NOT_FOUND, True)


def test_a_document_that_changes_while_a_room_is_opened_is_shown_in_its_new_state(
    world: World, ann: Person, chat_id: str
) -> None:
    target = only(wire.UploadTarget, ann.send(upload()))

    def before_the_snapshot_is_there(_connection_id: str, frame: wire.ServerFrame) -> None:
        if isinstance(frame, wire.Opened):
            arrive(world, chat_id, target.document.document_id)

    world.api.on_post = before_the_snapshot_is_there
    frames = ann.enter(chat_id)
    assert [document.status for document in only(wire.Opened, frames).documents] == ["awaiting_upload"]
    assert only(wire.DocumentFrame, frames).document.status == "queued"
