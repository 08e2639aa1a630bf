"""Hostile and broken files, each with the ways in which its document may end."""

import io
import random
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pypdf

from documind.errors import Code
from tests.plain_pdf import nested_forms, pdf_of, plain_pdf

READY = "ready"
SEEDS = 20
GOOD = plain_pdf(
    [
        "\n".join(f"In the year {year} a pound of tea cost {n} shillings." for n in range(9))
        for year in range(1750, 1756)
    ]
)
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
PAGES = b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
RESOURCES = b"/Resources << /Font << /F 3 0 R >> >>"
PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Contents 5 0 R >>" % RESOURCES
SHOWN = b"BT /F 12 Tf 72 770 Td (Tea is 3.) Tj ET"
INVALID, COMPLEX, EMPTY = Code.PDF_INVALID, Code.PDF_TOO_COMPLEX, Code.PDF_WITHOUT_TEXT
ANY = frozenset({READY, INVALID, COMPLEX, EMPTY, Code.PDF_GARBLED})


@dataclass(frozen=True)
class HostileFile:
    """A file, and the possible endings of its document: READY, or codes of failures."""

    name: str
    content: bytes
    endings: frozenset[str]


def hostile_files() -> list[HostileFile]:
    """Return all files, with different contents."""
    groups = (no_pdfs, protected, truncated, flipped, broken_objects, loops, bombs, odd_pages, odd_texts)
    return [HostileFile(name, content, frozenset(endings)) for group in groups for name, content, endings in group()]


Made = Iterator[tuple[str, bytes, set[str] | frozenset[str]]]


def one_page(
    contents: bytes = SHOWN, *, page: bytes = PAGE, catalog: bytes = CATALOG, pages: bytes = PAGES, more: bytes = b""
) -> bytes:
    """Return a one-page PDF with some objects replaced; `more` is object 6."""
    return pdf_of([catalog, pages, FONT, page, stream(contents), *([more] if more else [])])


def stream(content: bytes, entries: bytes = b"", *, length: bytes | None = None) -> bytes:
    return b"<< %s /Length %s >> stream\n%s\nendstream" % (entries, length or b"%d" % len(content), content)


def no_pdfs() -> Made:
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    yield "html", b"<!doctype html><title>report.pdf</title>", {INVALID}
    yield "png", b"\x89PNG\r\n\x1a\n" + bytes(500), {INVALID}
    yield "docx", zipped.getvalue(), {INVALID}
    yield "zeros", bytes(100_000), {INVALID}
    yield "noise", random.Random(1).randbytes(100_000), {INVALID}  # noqa: S311
    yield "one byte", b"%", {INVALID}
    yield "header only", b"%PDF-1.7\n", {INVALID}
    yield "header and noise", b"%PDF-1.7\n" + random.Random(2).randbytes(5_000), {INVALID}  # noqa: S311
    yield "script", b"%!PS-Adobe-3.0\nshowpage\n", {INVALID}


def protected() -> Made:
    for algorithm in ("RC4-40", "RC4-128", "AES-128", "AES-256"):
        yield f"password {algorithm}", encrypted(algorithm, to_open="secret"), {Code.PDF_ENCRYPTED}
    yield "for its owner only", encrypted("AES-256", to_open=""), {READY}
    catalog = b"<< /Filter /Unheard /V 9 /R 9 /O () /U () /P 0 >>"
    unknown = one_page(more=catalog).replace(b"/Root 1 0 R", b"/Root 1 0 R /Encrypt 6 0 R /ID [(a) (b)]")
    yield "unknown protection", unknown, {Code.PDF_ENCRYPTED, INVALID}


def encrypted(algorithm: str, *, to_open: str) -> bytes:
    writer = pypdf.PdfWriter(io.BytesIO(GOOD))
    writer.encrypt(to_open, "owner", algorithm=algorithm)
    target = io.BytesIO()
    writer.write(target)
    return target.getvalue()


def truncated() -> Made:
    for share in (5, 30, 60, 80, 95):
        yield f"{share} % of a file", GOOD[: len(GOOD) * share // 100], {INVALID}


def flipped() -> Made:
    for seed in range(SEEDS):
        dice, content = random.Random(seed), bytearray(GOOD)  # noqa: S311
        for _ in range(1 + seed):
            content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
        yield f"{seed + 1} bits flipped", bytes(content), ANY | {Code.PDF_ENCRYPTED}


def broken_objects() -> Made:
    yield "no pages", one_page(pages=b"<< /Type /Pages /Count 0 /Kids [] >>"), {INVALID}
    yield "a page that is not there", one_page(pages=PAGES.replace(b"4 0 R", b"99 0 R")), {INVALID}
    yield "a page that is a number", one_page(page=b"42"), {INVALID}
    yield "catalog without pages", one_page(catalog=b"<< /Type /Catalog >>"), {INVALID}
    billion = one_page(pages=PAGES.replace(b"/Count 1", b"/Count 1000000000"))
    yield "count of a billion", billion, {READY, Code.PDF_TOO_LONG}
    yield "negative count", one_page(pages=PAGES.replace(b"/Count 1", b"/Count -7")), {READY}
    yield "no table", GOOD[: GOOD.rindex(b"xref")], {READY}
    yield "table at a wrong place", GOOD.replace(b"startxref\n", b"startxref\n9"), {READY}
    too_long = stream(SHOWN, length=b"99999999")
    yield "length too long", pdf_of([CATALOG, PAGES, FONT, PAGE, too_long]), {READY}
    yield "length of itself", pdf_of([CATALOG, PAGES, FONT, PAGE, stream(SHOWN, length=b"5 0 R")]), {READY}
    yield "unknown filter", pdf_of([CATALOG, PAGES, FONT, PAGE, stream(SHOWN, b"/Filter /Unheard")]), ANY
    yield "no stream at all", pdf_of([CATALOG, PAGES, FONT, PAGE, stream(b"\0\1\2", b"/Filter /FlateDecode")]), {EMPTY}


def loops() -> Made:
    yield "pages within themselves", one_page(pages=PAGES.replace(b"4 0 R", b"2 0 R")), {INVALID}
    yield "parent of itself", one_page(page=PAGE.replace(b"/Parent 2 0 R", b"/Parent 4 0 R")), {READY}
    yield "table before itself", GOOD.replace(b"/Root", b"/Prev %d /Root" % GOOD.rindex(b"xref")), {READY}
    form = stream(b"/X Do", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> >>")
    drawn = PAGE.replace(RESOURCES, b"/Resources << /XObject << /X 6 0 R >> /Font << /F 3 0 R >> >>")
    yield "form within itself", one_page(SHOWN + b" /X Do", page=drawn, more=form), {READY}
    outline = CATALOG.replace(b" >>", b" /Outlines 6 0 R >>")
    yield "outline after itself", one_page(catalog=outline, more=b"<< /First 6 0 R /Next 6 0 R /Title (a) >>"), {READY}
    fields = CATALOG.replace(b" >>", b" /AcroForm << /Fields [6 0 R] >> >>")
    yield "field within itself", one_page(catalog=fields, more=b"<< /T (a) /Kids [6 0 R] /Parent 6 0 R >>"), {READY}
    yield "fields below each other", shared_fields(30), {READY}
    yield "fields below themselves", shared_fields(30, above=b"6 0 R "), {READY}
    noted = PAGE.replace(b" /Contents", b" /Annots [6 0 R] /Contents")
    yield "note to itself", one_page(page=noted, more=b"<< /Subtype /Widget /Parent 6 0 R /Popup 6 0 R >>"), {READY}
    labels = CATALOG.replace(b" >>", b" /PageLabels 6 0 R >>")
    yield "labels within themselves", one_page(catalog=labels, more=b"<< /Kids [6 0 R] >>"), {READY}


def shared_fields(depth: int, above: bytes = b"") -> bytes:
    """Return a form in which each unnamed field is twice a child of the one before; the last one is filled in."""
    kids = [b"<< /Kids [%s%d 0 R %d 0 R] >>" % (above, 7 + level, 7 + level) for level in range(depth)]
    last = 6 + depth
    filled = b"<< /Type /Annot /Subtype /Widget /FT /Tx /V (Filled in.) /F 4 /Rect [72 600 200 620] >>"
    catalog = CATALOG.replace(b" >>", b" /AcroForm << /Fields [6 0 R] >> >>")
    page = PAGE.replace(b" /Contents", b" /Annots [%d 0 R] /Contents" % last)
    return pdf_of([catalog, PAGES, FONT, page, stream(SHOWN), *kids, filled])


def bombs() -> Made:
    for depth in (22, 26, 30):
        yield f"2^{depth} letters", nested_forms(depth), {COMPLEX}
    yield "2^28 letters between pages", nested_forms(28, pages_around=3), {READY}
    zeros = zlib.compress(bytes(400_000_000), 9)
    yield (
        "400 MB of zeros",
        pdf_of([CATALOG, PAGES, FONT, PAGE, stream(zeros, b"/Filter /FlateDecode")]),
        {EMPTY, COMPLEX},
    )
    twice = zlib.compress(zlib.compress(bytes(1_000_000_000), 9), 9)
    filters = b"/Filter [/FlateDecode /FlateDecode]"
    yield "1 GB of zeros, packed twice", pdf_of([CATALOG, PAGES, FONT, PAGE, stream(twice, filters)]), {EMPTY, COMPLEX}
    many = zlib.compress(b"BT /F 1 Tf (x) Tj ET " * 3_000_000, 9)
    yield (
        "three million letters",
        pdf_of([CATALOG, PAGES, FONT, PAGE, stream(many, b"/Filter /FlateDecode")]),
        {COMPLEX},
    )
    lines = zlib.compress(b"0 0 m 9 9 l S " * 5_000_000, 9)
    yield "five million lines", pdf_of([CATALOG, PAGES, FONT, PAGE, stream(lines, b"/Filter /FlateDecode")]), {COMPLEX}
    yield "a hundred thousand brackets", one_page(b"[" * 100_000 + SHOWN), {READY, EMPTY}
    yield "dictionaries in dictionaries", one_page(more=b"<< /A " * 50_000 + b"1" + b" >>" * 50_000), {READY}
    yield "a hundred thousand states", one_page(b"q " * 100_000 + SHOWN), {READY}
    yield "3,001 pages", plain_pdf([""] * 3_001), {Code.PDF_TOO_LONG}
    yield "3,000 empty pages", plain_pdf([""] * 3_000), {EMPTY}


def odd_pages() -> Made:
    boxes = {"nothing": b"[0 0 0 0]", "inverted": b"[595 842 0 0]", "huge": b"[0 0 1e30 1e30]", "words": b"[/a (b) ]"}
    for name, box in boxes.items():
        yield f"page of size {name}", one_page(page=PAGE.replace(b"[0 0 595 842]", box)), ANY
    yield "page turned by 45", one_page(page=PAGE.replace(b"/Parent", b"/Rotate 45 /Parent")), {READY}
    yield "no page shows text", plain_pdf(["", "", ""]), {EMPTY}
    yield "text without a font", one_page(page=PAGE.replace(RESOURCES, b"")), {READY}
    box = b"<< /S /JavaScript /JS (while(true){}) >>"
    yield "script that never ends", one_page(catalog=CATALOG.replace(b" >>", b" /OpenAction %s >>" % box)), {READY}
    image = stream(b"", b"/Type /XObject /Subtype /Image /Width 99999 /Height 99999 /BitsPerComponent 8"
                   b" /ColorSpace /DeviceRGB")  # fmt: skip
    drawn = PAGE.replace(RESOURCES, b"/Resources << /XObject << /X 6 0 R >> /Font << /F 3 0 R >> >>")
    yield "picture of 30 GB", one_page(SHOWN + b" /X Do", page=drawn, more=image), {READY}


def odd_texts() -> Made:
    yield "size without end", one_page(SHOWN.replace(b"12 Tf", b"1e38 Tf")), ANY
    yield "size of nothing", one_page(SHOWN.replace(b"12 Tf", b"0 Tf")), ANY
    yield "far away", one_page(SHOWN.replace(b"72 770", b"1e38 -1e38")), ANY
    yield "matrix of nothing", one_page(b"0 0 0 0 0 0 cm " + SHOWN), ANY
    yield "a line of 500,000 letters", one_page(b"BT /F 1 Tf (" + b"tea " * 125_000 + b") Tj ET"), {READY}
    crowd = b" ".join(b"BT /F 4 Tf %d %d Td (tea) Tj ET" % (x * 5, y * 2) for x in range(110) for y in range(400))
    yield "44,000 words on a page", one_page(crowd), {READY}
    mapping = b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <00> <ff> endcodespacerange"
    mapping += b" 1 beginbfrange <00> <ff> <d800> endbfrange endcmap"
    font = FONT.replace(b" >>", b" /ToUnicode 6 0 R >>")
    yield "lone surrogates", pdf_of([CATALOG, PAGES, font, PAGE, stream(SHOWN), stream(mapping)]), ANY
    ranges = b"100 beginbfrange " + b"<0000> <ffff> <0000> " * 200_000 + b" endbfrange"
    yield "a mapping of gigabytes", pdf_of([CATALOG, PAGES, font, PAGE, stream(SHOWN), stream(ranges)]), {READY}
    itself = FONT.replace(b" >>", b" /ToUnicode 3 0 R /DescendantFonts [3 0 R] >>").replace(b"Type1", b"Type0")
    yield "font of itself", pdf_of([CATALOG, PAGES, itself, PAGE, stream(SHOWN)]), ANY
