"""Pages without text as pictures: valid PNGs, as displayed, and none of blank pages."""

import base64
import struct
import zlib
from pathlib import Path

import pytest

from ingest.reader.loss import Loss
from ingest.reader.read import read_pages
from tests.plain_pdf import plain_pdf, scan_pdf, written

SIGNATURE = b"\x89PNG\r\n\x1a\n"
BLACK, WHITE = 0, 255


def pixels_of(picture: str) -> list[bytes]:
    """Return the rows of a PNG in grey without filters; checks what https://www.w3.org/TR/png-3/#5DataRep says."""
    content = base64.b64decode(picture, validate=True)
    assert content.startswith(SIGNATURE)
    chunks, at = dict[bytes, bytes](), len(SIGNATURE)
    while at < len(content):
        length, name = struct.unpack_from(">I4s", content, at)
        chunks[name] = content[at + 8 : at + 8 + length]
        assert struct.unpack_from(">I", content, at + 8 + length)[0] == zlib.crc32(name + chunks[name])
        at += 12 + length
    assert list(chunks) == [b"IHDR", b"IDAT", b"IEND"]
    width, height, *kind = struct.unpack(">IIBBBBB", chunks[b"IHDR"])
    assert kind == [8, 0, 0, 0, 0]
    rows = zlib.decompress(chunks[b"IDAT"])
    assert len(rows) == (width + 1) * height
    assert set(rows[:: width + 1]) == {0}
    return [rows[start + 1 : start + width + 1] for start in range(0, len(rows), width + 1)]


@pytest.mark.parametrize(("rotate", "size"), [(0, (1024, 2048)), (90, (2048, 1024))])
def test_the_picture_of_a_page_is_as_displayed(tmp_path: Path, rotate: int, size: tuple[int, int]) -> None:
    page, _ = read_pages(written(tmp_path, scan_pdf(rotate)), pictures=True)
    assert (page.loss, page.text) == (Loss.EMPTY, "")
    assert page.picture
    rows = pixels_of(page.picture)
    assert (len(rows[0]), len(rows)) == size
    ends = (rows[0][5], rows[0][-5], rows[-5][5])
    assert ends == ((BLACK, WHITE, BLACK) if rotate == 0 else (BLACK, BLACK, WHITE))


def test_only_pages_without_text_that_are_not_blank_have_pictures_and_only_if_wanted(tmp_path: Path) -> None:
    path = written(tmp_path, scan_pdf())
    assert [bool(page.picture) for page in read_pages(path, pictures=True)] == [True, False]
    assert [page.picture for page in read_pages(path)] == [None, None]
    assert [page.picture for page in read_pages(written(tmp_path, plain_pdf(["Tea."])), pictures=True)] == [None]
