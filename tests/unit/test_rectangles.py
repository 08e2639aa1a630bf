"""The glyphs under the rectangles of a span, by pdfium's own mapping and boxes, are the cited words."""

import ctypes
import io
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdf
import pypdfium2  # type: ignore[import-untyped]
import pytest
from pypdfium2 import raw

from documind.pages import Rectangle, rectangles
from ingest.reader.page_lines import CHARACTERS
from ingest.reader.read import Page, read_pages

DATA = Path(__file__).parents[1] / "data"
CITATIONS, LONGEST = 20, 60  # characters
BRACKETS = re.compile(r"[()]")  # Arabic text has mirrored ones
UNITS = 100  # device units per point: pdfium maps to integers


def turned(path: Path, degrees: int) -> bytes:
    """Return a PDF with rotated pages."""
    writer = pypdf.PdfWriter(clone_from=path)
    for page in writer.pages:
        page.rotate(degrees)
    return saved(writer)


def cropped(path: Path) -> bytes:
    """Return a PDF whose pages are cropped to their middle."""
    writer = pypdf.PdfWriter(clone_from=path)
    for page in writer.pages:
        page.cropbox = pypdf.generic.RectangleObject((30, 60, 560, 800))
    return saved(writer)


def saved(writer: pypdf.PdfWriter) -> bytes:
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


MADE: dict[str, Callable[[], bytes]] = {
    "zh-TW": (DATA / "printed" / "thesis-zh-TW.pdf").read_bytes,
    "en, two columns": (DATA / "printed" / "paper-en.pdf").read_bytes,
    "ja": (DATA / "printed" / "report-ja.pdf").read_bytes,
    "ja, vertical": (DATA / "printed" / "vertical-ja.pdf").read_bytes,
    "Arabic": (DATA / "printed" / "letter-ar.pdf").read_bytes,
    "turned by 90": lambda: turned(DATA / "handbook-en.pdf", 90),
    "turned by 180": lambda: turned(DATA / "handbook-en.pdf", 180),
    "turned by 270, zh-TW": lambda: turned(DATA / "report-zh-TW.pdf", 270),
    "cropped": lambda: cropped(DATA / "handbook-en.pdf"),
}


@pytest.mark.parametrize("name", MADE)
def test_the_text_under_the_rectangles_is_the_cited_text(name: str, tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(MADE[name]())
    dice = random.Random(name)  # noqa: S311
    pages = [page for page in read_pages(path) if page.text]
    with pypdfium2.PdfDocument(path) as document:
        for _ in range(CITATIONS):
            page = dice.choice(pages)
            start, end = cited(page, dice)
            words = "".join(page.text[start:end].split())
            under = characters_under(document[page.number - 1], rectangles(page.layout.content, start, end))
            assert sorted(BRACKETS.sub("|", "".join(under))) == sorted(BRACKETS.sub("|", words)), words


@pytest.mark.parametrize("degrees", [90, 180, 270])
@pytest.mark.parametrize("name", ["handbook-en", "report-zh-TW", "printed/paper-en", "printed/thesis-zh-TW"])
def test_rotated_pages_have_the_same_text(name: str, degrees: int, tmp_path: Path) -> None:
    path = tmp_path / "upload.pdf"
    path.write_bytes(turned(DATA / f"{name}.pdf", degrees))
    for page, upright in zip(read_pages(path), read_pages(DATA / f"{name}.pdf"), strict=True):
        assert page.text == upright.text
        assert page.layout.blocks == upright.layout.blocks


def cited(page: Page, dice: random.Random) -> tuple[int, int]:
    """Return a span of some words of a page's lines."""
    lines = page.layout.content.lines
    first = dice.randrange(len(lines))
    start = dice.randrange(lines[first].start, lines[first].end)
    return start, min(start + dice.randint(4, LONGEST), lines[min(first + 2, len(lines) - 1)].end)


def characters_under(page: pypdfium2.PdfPage, on_display: list[Rectangle]) -> Iterator[str]:
    """Yield the visible characters whose glyph has its middle in one of the rectangles of the displayed page."""
    areas = [area_on_page(page, rectangle) for rectangle in on_display]
    text = page.get_textpage()
    for index in range(text.count_chars()):
        left, bottom, right, top = text.get_charbox(index)
        x, y = (left + right) / 2, (bottom + top) / 2
        if any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in areas):
            yield from "".join(text.get_text_range(index, 1).translate(CHARACTERS).split())


def area_on_page(page: pypdfium2.PdfPage, rectangle: Rectangle) -> Rectangle:
    """Return a rectangle in the page's own coordinates, as pdfium maps it."""
    width, height = (round(side * UNITS) for side in page.get_size())
    corners = []
    for x, y in (rectangle[:2], rectangle[2:]):
        at_x, at_y = ctypes.c_double(), ctypes.c_double()
        device = (0, 0, width, height, 0, round(x * UNITS), round(y * UNITS))
        assert raw.FPDF_DeviceToPage(page.raw, *device, ctypes.byref(at_x), ctypes.byref(at_y))
        corners.append((at_x.value, at_y.value))
    (x0, y0), (x1, y1) = corners
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)
