"""The reader and broken PDFs: each ends with its pages or a documented code, in time, and leaves no process."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from documind.errors import Code, UnreadableDocumentError
from ingest.reader import child
from ingest.reader.read import DOCUMENT_TIMEOUT_S, EACH_PAGE_S, Page, read_pages
from ingest.split import split
from tests.mutated_pdfs import mutated_pdfs
from tests.plain_pdf import written
from tests.sizes import size

CODES = {Code.PDF_INVALID, Code.PDF_ENCRYPTED, Code.PDF_PACKAGE, Code.PDF_DYNAMIC_FORM, Code.PDF_TOO_LONG,
         Code.PDF_TOO_COMPLEX}  # fmt: skip
MAX_PAGES = 30  # of the originals
DEADLINE_S = DOCUMENT_TIMEOUT_S + EACH_PAGE_S * MAX_PAGES + 10


def read(path: Path) -> list[Page]:
    """Read and split a file as a run does; return no pages of one that is refused."""
    pages: list[Page] = []
    try:
        for page in read_pages(path):
            pages.append(page)
            assert all(0 <= passage.start < passage.end <= len(page.text) for passage in split(page.layout))
    except UnreadableDocumentError as error:
        if error.code not in CODES:
            raise
    return pages


def is_gone(reader: child.ReaderProcess) -> bool:
    """Tell whether a killed process and its child have ended, which takes a moment."""
    for _ in range(100):
        if not any(_runs_in(stat, reader.process.pid) for stat in Path("/proc").glob("[0-9]*/stat")):
            return True
        time.sleep(0.05)
    return False


def _runs_in(stat: Path, group: int) -> bool:
    """Tell whether a process is in a group and alive; https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html."""
    try:
        state, _, its_group, *_ = stat.read_text().rpartition(")")[2].split()
    except OSError:
        return False
    return int(its_group) == group and state not in {"Z", "X"}


def test_mutated_pdfs_cost_their_pages_and_nothing_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left: list[child.ReaderProcess] = []
    end = child.ReaderProcess.end

    def ended(reader: child.ReaderProcess) -> None:
        end(reader)
        left.extend([] if is_gone(reader) else [reader])

    monkeypatch.setattr(child.ReaderProcess, "end", ended)
    count = size(32, 1_000)
    with_text = 0
    with ThreadPoolExecutor(1) as runner:
        for number, content in enumerate(mutated_pdfs(count)):
            path = written(tmp_path, content)
            try:
                pages = runner.submit(read, path).result(DEADLINE_S)
            except Exception as error:
                raise AssertionError(f"file {number} of {count}") from error
            assert [page.number for page in pages] == list(range(1, len(pages) + 1))
            with_text += any(page.text for page in pages)
    child.end_waiting()
    assert left == []
    assert with_text > count / 2  # otherwise most mutations test only the refusal
