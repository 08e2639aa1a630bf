"""Pages in fonts without a Unicode mapping: readable ones are read, the others are marked as garbled."""

from pathlib import Path

import pytest

from ingest.reader.loss import Loss, is_gibberish
from ingest.reader.read import read_pages
from tests.plain_pdf import pdf_of, written

WORDS = [
    "Ideology as ritual\nMonday, December 5, 2011",
    "KEY INVESTOR INFORMATION",
    "Výbava na přání",
    "разве не выражает глубокого человеческого страдания",
    "の削除・インストールについて【 の場合】",
    "使用OpenSearch建立索引，並查詢文件。",
    "تأسست المكتبة عام 1887",
    "위원회는 연간 예산을 검토하고",
]
NONE = [
    "6XPPD 9ROXPHV *UXSD5R]N",  # glyphs numbered from the space on
    "\x04\x05\x06\x04\x07\x08\t\n\x08\x0b\x0c",
    "ɎɅȺɇɐɕɂɉȿɊȿɏɈȾɕ",
    "̽ଋҨǥƹ̽ୡȥဎഁୡࣧҨဌʾဎಱ",
    "\ue022\ue023\ue022 \ue0e0\ue0e1\ue0e2",
    "0SVIQ\x04MTWYQ\x04HSPSV",
]


@pytest.mark.parametrize("text", WORDS)
def test_words_of_many_languages_are_not_gibberish(text: str) -> None:
    assert not is_gibberish(text)


@pytest.mark.parametrize("text", NONE)
def test_numbers_of_glyphs_taken_for_characters_are_gibberish(text: str) -> None:
    assert is_gibberish(text)


def glyphs_pdf(text: str, shift: int) -> bytes:
    """Return a page in a font without ToUnicode (ISO 32000-2, 9.10.2): only its codes are known, shifted by `shift`."""
    codes = "".join(f"{ord(character) + shift:04x}" for character in text)
    stream = f"BT /F 12 Tf 72 700 Td <{codes}> Tj ET".encode()
    descendant = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /CIDSystemInfo << /Registry (Adobe)"
        b" /Ordering (Identity) /Supplement 0 >> /DW 600 /FontDescriptor << /Type /FontDescriptor /FontName /Made"
        b" /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 /CapHeight 700 /StemV 80 >> >>"
    )
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >>"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [6 0 R] >>",
            page + b" /Contents 5 0 R >>",
            b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
            descendant,
        ]
    )


def test_a_text_layer_of_glyph_numbers_is_garbled(tmp_path: Path) -> None:
    (page,) = read_pages(written(tmp_path, glyphs_pdf("The harbour keeper counts lamps", -29)))
    assert (page.text, page.loss) == ("", Loss.GARBLED)


def test_codes_that_happen_to_be_characters_are_read(tmp_path: Path) -> None:
    (page,) = read_pages(written(tmp_path, glyphs_pdf("The harbour keeper counts lamps", 0)))
    assert (page.text, page.loss) == ("The harbour keeper counts lamps", None)
