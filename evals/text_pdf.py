"""Makes PDFs of the golden set's documents: pages of Chinese and Latin text, without an embedded font.

Glyphs have consecutive numbers, and a ToUnicode map (ISO 32000-1, 9.10.3) maps them to characters, so that a program
can extract the text; a viewer without a CJK font shows boxes.
"""

import unicodedata
from collections.abc import Iterator

PAGE_BREAK = "\n---\n"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = 595, 842, 60  # A4, in points
SIZES = {"# ": 16, "": 11}  # font sizes of headings and of text, in points
LINE_SPACING = 1.5
TO_UNICODE_BLOCK = 100  # greatest number of entries in one `beginbfchar`


def text_pdf(text: str) -> bytes:
    """Return the PDF of a text whose pages are separated by `---` lines and whose headings begin with `# `."""
    glyphs = {character: number for number, character in enumerate(sorted(set(text) - {"\n"}), start=1)}
    pages = text.split(PAGE_BREAK)
    kids = " ".join(f"{6 + 2 * index} 0 R" for index in range(len(pages)))
    widths = " ".join(f"{number} [{_width(character)}]" for character, number in glyphs.items())
    descendant = (
        "<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Eval /CIDSystemInfo << /Registry (Adobe) "
        f"/Ordering (Identity) /Supplement 0 >> /W [{widths}] /FontDescriptor << /Type /FontDescriptor "
        "/FontName /Eval /Flags 4 /FontBBox [0 -200 1000 800] /ItalicAngle 0 /Ascent 800 /Descent -200 "
        "/CapHeight 700 /StemV 80 >> >>"
    )
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>",
        "<< /Type /Font /Subtype /Type0 /BaseFont /Eval /Encoding /Identity-H /DescendantFonts [4 0 R] "
        "/ToUnicode 5 0 R >>",
        descendant,
        _stream(_to_unicode(glyphs)),
    ]
    for index, page in enumerate(pages):
        box = f"/MediaBox [0 0 {PAGE_WIDTH} {PAGE_HEIGHT}] /Resources << /Font << /F 3 0 R >> >>"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} /Contents {7 + 2 * index} 0 R >>")
        objects.append(_stream(_content(page, glyphs)))
    return _file(objects)


def _content(page: str, glyphs: dict[str, int]) -> str:
    """Return the PDF operators that draw a page's lines. Raises ValueError if they do not fit."""
    shown, y = [], float(PAGE_HEIGHT - MARGIN)
    for paragraph in page.splitlines():
        prefix = "# " if paragraph.startswith("# ") else ""
        size = SIZES[prefix]
        for line in _lines(paragraph.removeprefix(prefix), size):
            y -= size * LINE_SPACING
            codes = "".join(f"{glyphs[character]:04x}" for character in line)
            shown.append(f"BT /F {size} Tf {MARGIN} {y:.1f} Td <{codes}> Tj ET")
    if y < MARGIN:
        raise ValueError("a page of the golden set does not fit on its paper")
    return "\n".join(shown)


def _lines(paragraph: str, size: int) -> Iterator[str]:
    """Yield the paragraph's lines, broken at spaces and between ideographs."""
    space = (PAGE_WIDTH - 2 * MARGIN) * 1000 / size
    line, used = "", 0
    for word in _words(paragraph):
        width = sum(map(_width, word))
        if line and used + width > space:
            yield line.rstrip()
            line, used = "", 0
        line, used = line + word, used + width
    yield line


def _words(paragraph: str) -> Iterator[str]:
    word = ""
    for character in paragraph:
        word += character
        if character == " " or _width(character) > 500:  # noqa: PLR2004
            yield word
            word = ""
    yield word


def _width(character: str) -> int:
    """Return the width of a character in thousandths of the font size."""
    return 1000 if unicodedata.east_asian_width(character) in "WF" else 500


def _to_unicode(glyphs: dict[str, int]) -> str:
    entries = [f"<{number:04x}> <{character.encode('utf-16-be').hex()}>" for character, number in glyphs.items()]
    blocks = [entries[start : start + TO_UNICODE_BLOCK] for start in range(0, len(entries), TO_UNICODE_BLOCK)]
    maps = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /Eval def /CMapType 2 def\n"
        f"1 begincodespacerange <0000> <ffff> endcodespacerange\n{maps}\nendcmap end end"
    )


def _stream(content: str) -> str:
    return f"<< /Length {len(content)} >> stream\n{content}\nendstream"


def _file(objects: list[str]) -> bytes:
    """Return a PDF file of these objects, numbered from 1; the first is the catalog."""
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    size = len(objects) + 1
    trailer = f"trailer << /Size {size} /Root 1 0 R >>\nstartxref\n{len(content)}\n%%EOF\n"
    return content + f"xref\n0 {size}\n0000000000 65535 f \n{table}{trailer}".encode("ascii")
