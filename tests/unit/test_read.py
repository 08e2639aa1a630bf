"""Reading PDFs in child processes: the right text, a code for each failure, and no process left running."""

import io
from collections.abc import Iterator
from pathlib import Path

import pypdf
import pytest

from documind.errors import Code, DocumindError
from documind.pages import rectangles
from ingest.reader import child, document_pages, read
from ingest.reader.blocks import Kind
from ingest.reader.loss import Loss
from ingest.reader.read import read_pages
from ingest.reader.visual_line import Box, VisualLine
from ingest.split import split
from tests.hostile_pdfs import shared_fields
from tests.plain_pdf import form_pdf, nested_forms, plain_pdf, written, xfa_pdf

DATA = Path(__file__).parents[1] / "data"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"  # not part of the repository
TWO_PAGES = plain_pdf(["Tea costs 3.50.\nWater is free.", ""])


def texts(path: Path) -> list[str]:
    return [page.text for page in read_pages(path)]


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[child.ReaderProcess]]:
    """Return the reader processes that the test starts; none exists at its beginning."""
    processes: list[child.ReaderProcess] = []
    start = child.ReaderProcess.start

    def remembered() -> child.ReaderProcess:
        processes.append(start())
        return processes[-1]

    child.end_waiting()
    monkeypatch.setattr(child.ReaderProcess, "start", remembered)
    yield processes
    child.end_waiting()


def failure(path: Path) -> DocumindError:
    with pytest.raises(DocumindError) as caught:
        list(read_pages(path))
    return caught.value


def encrypted(*, to_open: str, to_change: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(TWO_PAGES))
    writer.encrypt(to_open, to_change, algorithm="AES-256")
    return saved(writer)


def saved(writer: pypdf.PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def test_pages_come_in_order_with_their_text(tmp_path: Path) -> None:
    pages = list(read_pages(written(tmp_path, TWO_PAGES)))
    assert [(page.number, page.total, page.text) for page in pages] == [
        (1, 2, "Tea costs 3.50.\nWater is free."),
        (2, 2, ""),
    ]
    assert [page.loss for page in pages] == [None, Loss.EMPTY]


def test_a_pdf_that_only_its_owner_may_change_is_read(tmp_path: Path) -> None:
    path = written(tmp_path, encrypted(to_open="", to_change="secret"))
    assert "Tea costs 3.50." in texts(path)[0]


def test_a_pdf_with_a_password_is_reported(tmp_path: Path) -> None:
    path = written(tmp_path, encrypted(to_open="secret", to_change="other"))
    assert failure(path).code == Code.PDF_ENCRYPTED


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7\n", b"<html><body>report.pdf</body></html>", b"\x89PNG\r\n\x1a\n" + bytes(200), TWO_PAGES[:120]],
    ids=["empty", "header only", "html", "png", "truncated"],
)
def test_a_file_that_is_no_pdf_is_reported(tmp_path: Path, content: bytes) -> None:
    assert failure(written(tmp_path, content)).code == Code.PDF_INVALID


def test_a_package_of_other_files_is_reported(tmp_path: Path) -> None:
    """ISO 32000-2, 12.3.5: the catalog has a collection, and the files are attached."""
    writer = pypdf.PdfWriter(io.BytesIO(TWO_PAGES))
    writer.add_attachment("annex.pdf", TWO_PAGES)
    assert "Tea costs 3.50." in texts(written(tmp_path, saved(writer)))[0]  # an attachment alone makes no package
    writer.root_object[pypdf.generic.NameObject("/Collection")] = pypdf.generic.DictionaryObject()
    assert failure(written(tmp_path, saved(writer))).code == Code.PDF_PACKAGE


@pytest.mark.parametrize(("needs_rendering", "code"), [("true", Code.PDF_DYNAMIC_FORM), ("false", None)])
def test_a_dynamic_form_is_reported_and_a_static_one_is_read(
    tmp_path: Path, needs_rendering: str, code: Code | None
) -> None:
    """ISO 32000-2, 12.7.8 and Annex K: the content of a form that needs rendering is in XFA, not on its pages."""
    path = written(tmp_path, xfa_pdf(needs_rendering))
    if code:
        assert failure(path).code == code
    else:
        assert texts(path) == ["Please wait."]


def test_a_pdf_header_after_other_bytes_is_accepted(tmp_path: Path) -> None:
    assert "Tea costs 3.50." in texts(written(tmp_path, b" " * 900 + TWO_PAGES))[0]


def test_too_many_pages_name_the_limit(tmp_path: Path) -> None:
    error = failure(written(tmp_path, plain_pdf([""] * 3_001)))
    assert (error.code, error.details) == (Code.PDF_TOO_LONG, {"limit": 3_000})


def test_a_page_that_takes_too_long_ends_the_child(
    started: list[child.ReaderProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "PAGE_TIMEOUT_S", 0.0)
    assert failure(written(tmp_path, TWO_PAGES)).code == Code.PDF_TOO_COMPLEX
    assert [reader.process.returncode for reader in started] == [-9]


def test_one_process_reads_several_documents_and_is_replaced_after_its_death(
    started: list[child.ReaderProcess], tmp_path: Path
) -> None:
    path = written(tmp_path, TWO_PAGES)
    child.start_ahead()
    assert texts(path) == texts(path)
    assert len(started) == 1
    started[0].process.kill()
    started[0].process.wait()
    assert len(texts(path)) == 2
    assert len(started) == 2


def test_an_abandoned_reading_ends_its_child_and_keeps_the_process_for_the_next(
    started: list[child.ReaderProcess], tmp_path: Path
) -> None:
    pages = read_pages(written(tmp_path, plain_pdf(["Tea. " * 400] * 200)))
    next(pages)
    pages.close()
    assert len(texts(written(tmp_path, TWO_PAGES))) == 2
    assert [reader.process.poll() for reader in started] == [None]


def test_after_a_refused_pdf_the_process_is_kept_for_the_next(
    started: list[child.ReaderProcess], tmp_path: Path
) -> None:
    assert failure(written(tmp_path, b"no PDF")).code == Code.PDF_INVALID
    assert len(texts(written(tmp_path, TWO_PAGES))) == 2
    assert [reader.process.poll() for reader in started] == [None]


def test_exceeding_the_memory_limit_ends_the_child(tmp_path: Path) -> None:
    assert texts(written(tmp_path, nested_forms(4))) == ["x"]  # pdfium merges letters at the same place
    assert failure(written(tmp_path, nested_forms(28))).code == Code.PDF_TOO_COMPLEX


def test_a_page_that_ends_the_child_is_lost_and_no_other(tmp_path: Path) -> None:
    """The child is killed once; the next child leaves the page out, and the next run knows it in advance."""
    path = written(tmp_path, nested_forms(28, pages_around=2))
    pages = list(read_pages(path))
    assert [page.killed_by for page in pages] == [(3,)] * 5
    assert list(read_pages(path, 2, killed_by=(3,))) == pages[1:]
    assert [page.loss for page in pages] == [None, None, Loss.LOST, None, None]
    assert [page.text for page in pages if page.text] == ["Tea is 1.", "Tea is 2.", "Tea is 3.", "Tea is 4."]


def test_reading_can_begin_at_any_page(tmp_path: Path) -> None:
    path = written(tmp_path, plain_pdf([f"Tea is {number}." for number in range(1, 9)]))
    whole = list(read_pages(path))
    assert list(read_pages(path, first=6)) == whole[5:]


def test_lines_that_are_all_of_a_page_are_no_running_header(tmp_path: Path) -> None:
    path = written(tmp_path, plain_pdf([f"Tea is {number}." for number in range(1, 6)]))
    assert [len(split(page.layout)) for page in read_pages(path)] == [1] * 5


@pytest.mark.parametrize(
    ("box", "height"),
    [("/MediaBox [0 842 595 0]", 842), ("", 842), ("/MediaBox [0 0 0 0]", 792)],
    ids=["from the top", "inherited", "empty: taken for Letter by pdfium"],
)
def test_text_is_found_and_placed_in_any_form_of_media_box(tmp_path: Path, box: str, height: int) -> None:
    """Any two opposite corners make a rectangle (ISO 32000-2, 7.9.5), and pages inherit it from the page tree."""
    content = plain_pdf(["Tea costs 3.50."], box=box, inherited="/MediaBox [0 0 595 842]")
    (page,) = read_pages(written(tmp_path, content))
    ((left, top, _, bottom),) = rectangles(page.layout.content, 0, len(page.text))
    assert (round(left), top < height - 770 < bottom) == (72, True)


@pytest.mark.parametrize(("side", "kind"), [(0, Kind.TEXT), (4, Kind.ITEM)], ids=["nothing drawn", "squares"])
def test_lines_with_a_drawn_mark_before_them_are_items(tmp_path: Path, side: int, kind: Kind) -> None:
    lines = [
        "The committee has looked at the report on the bridge",
        "and it has found the budget of the summer too small",
    ]
    squares = "".join(f"60 {771 - 14 * row} {side} {side} re f " for row in range(2))
    content = plain_pdf(["\n".join(lines)], drawn=squares)
    (page,) = read_pages(written(tmp_path, content))
    assert [block.kind for block in page.layout.blocks] == [kind] * (2 if side else 1)
    assert page.text == ("\n" if side else " ").join(lines)


def test_values_of_fields_and_visible_notes_are_read_at_their_place(tmp_path: Path) -> None:
    page = next(read_pages(written(tmp_path, form_pdf())))
    assert page.text.splitlines() == ["Name: Ada", "Lovelace", "Agreed: ☒", "Seen by Grace"]


def test_a_long_value_of_a_field_is_read_whole(tmp_path: Path) -> None:
    page = next(read_pages(written(tmp_path, form_pdf(b"and so on " * 5_000))))
    assert page.text.count("and so on") == 5_000


@pytest.mark.parametrize(("most", "loss"), [(42, None), (41, Loss.LOST)])
def test_the_text_of_fields_counts_towards_the_limit_of_a_page(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, loss: Loss | None
) -> None:
    monkeypatch.setattr(document_pages, "MAX_PAGE_CHARACTERS", most)
    records = document_pages.DocumentPages(written(tmp_path, form_pdf()), frozenset()).read(1)
    assert [record.get("loss") for record in records if "page" in record] == [loss]


def test_many_fields_beside_many_lines_are_placed_in_little_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at: list[int] = []
    made = VisualLine.box

    def box(line: VisualLine, index: int) -> Box:
        looked_at.append(index)
        return made(line, index)

    monkeypatch.setattr(VisualLine, "box", box)
    content = form_pdf(b"\\n".join([b"row"] * 500))
    records = document_pages.DocumentPages(written(tmp_path, content), frozenset()).read(1)
    (page,) = [record for record in records if "page" in record]
    assert str(page["text"]).count("row") == 500
    assert len(looked_at) < 1_200


def test_a_process_that_does_not_tell_how_its_child_ended_costs_no_page(
    started: list[child.ReaderProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(*_: object) -> int:
        raise TimeoutError

    monkeypatch.setattr(child.ReaderProcess, "exit_status", silent)
    assert texts(written(tmp_path, TWO_PAGES)) == ["Tea costs 3.50.\nWater is free.", ""]
    assert all(reader.process.returncode == -9 for reader in started)


@pytest.mark.parametrize("above", [b"", b"6 0 R "], ids=["shared", "looping"])
def test_fields_that_would_hang_pdfium_are_read_from_their_annotations(tmp_path: Path, above: bytes) -> None:
    (page,) = read_pages(written(tmp_path, shared_fields(30, above)))
    assert (page.text.splitlines(), page.killed_by) == (["Tea is 3.", "Filled in."], ())


def test_the_child_gets_no_credentials(
    started: list[child.ReaderProcess], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    texts(written(tmp_path, TWO_PAGES))
    environment = Path(f"/proc/{started[0].process.pid}/environ").read_text()
    assert "PYTHONPATH" in environment
    assert "secret" not in environment


def test_a_report_printed_by_a_browser_is_in_reading_order() -> None:
    pages = texts(DATA / "report-zh-TW.pdf")
    assert "北岬風場有五座風力發電機，每座容量八百瓩。南坡太陽能場鋪設了一萬兩千片面板，總容量四千五百瓩。" in pages[1]


@pytest.mark.skipif(not SHARED.exists(), reason="the shared PDFs are not on this machine")
def test_sentences_broken_at_the_page_width_are_joined() -> None:
    pages = texts(SHARED / "documind_intro.pdf")
    assert "這些主要都是單純的數據更新、單向的服務器推送需求。" in pages[0]
    assert "用戶能傳訊息給知識庫，知識庫根據訊息來從向量資料庫返回接近的答案返回給客戶端\n" in pages[1]
    assert pages[12].startswith(
        "將文章內容轉換成向量資料\n根據用戶問題，拿到向量資料並且與prompt輸入到LLM，返回對應的解答\n長任務"
    )
    assert "一些ASGI伺服器支持多進程+協程的混合模式，結合多進程的CPU利用率與協程的高效I/O處理" in pages[3].splitlines()
