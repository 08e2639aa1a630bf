"""Makes PDFs for tests, such as one page of Latin text per string; an empty string gives a page without text."""

from collections.abc import Iterable
from pathlib import Path


def plain_pdf(pages: list[str], *, box: str = "/MediaBox [0 0 595 842]", inherited: str = "", drawn: str = "") -> bytes:
    """Return a PDF whose pages show these texts, one line of Helvetica for each line of text.

    `box` is an entry of each page, `inherited` of the page tree; `drawn` is drawn on each page before its text.
    """
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] {inherited} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, text in enumerate(pages):
        resources = f"/Resources << /Font << /F 3 0 R >> >> {box}"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * index} 0 R >>".encode())
        shown = " ".join(f"({line}) Tj T*" for line in text.splitlines())
        stream = f"{drawn}BT /F 12 Tf 14 TL 72 770 Td {shown} ET".encode("latin-1")
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
    return pdf_of(objects)


def written(folder: Path, content: bytes) -> Path:
    """Write a file for a test and return its path."""
    path = folder / "upload.pdf"
    path.write_bytes(content)
    return path


def nested_forms(depth: int, pages_around: int = 0) -> bytes:
    """Return a PDF with a page that shows the same letter 2 ** `depth` times: each form shows the next one twice.

    There are `pages_around` pages before and after it, with "Tea is 1." and so on.
    """
    form = (
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /T 3 0 R >> /XObject << /F %d 0 R >> >>"
    )
    resources = "/Resources << /Font << /T 3 0 R >> /XObject << /F 6 0 R >> >>"
    page = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {resources}"
    drawn = [(form % (7 + level), "/F Do /F Do") for level in range(depth)]
    streams = [("", "/F Do"), *drawn, (form % 3, "BT /T 1 Tf (x) Tj ET")]
    plain = [("", f"BT /T 12 Tf 72 770 Td (Tea is {number}.) Tj ET") for number in range(1, 2 * pages_around + 1)]
    first_plain = 5 + len(streams)
    contents = [first_plain + number for number in range(len(plain))]
    contents.insert(pages_around, 5)
    first_page = first_plain + len(plain)
    kids = " ".join(f"{first_page + number} 0 R" for number in range(len(contents)))
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            f"<< /Type /Pages /Count {len(contents)} /Kids [{kids}] >>".encode(),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"null",
            *(f"<< {kind} /Length {len(s)} >> stream\n{s}\nendstream".encode() for kind, s in [*streams, *plain]),
            *(f"<< {page} /Contents {number} 0 R >>".encode() for number in contents),
        ]
    )


def form_pdf(value: bytes = b"Ada\\nLovelace") -> bytes:
    """Return a page with a text field of that value, a ticked box, a note, and hidden annotations."""
    stream = b"BT /F 12 Tf 72 700 Td (Name:) Tj 0 -100 Td (Agreed:) Tj ET"
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents 5 0 R"
        b" /Annots [6 0 R 7 0 R 8 0 R 9 0 R 10 0 R] >>"
    )
    field = b"<< /Type /Annot /Subtype /Widget /P 4 0 R /F 4 "
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [6 0 R 7 0 R 9 0 R] /DA (/F 12 Tf) /DR << /Font <<"
            b" /F 3 0 R >> >> >> >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            page,
            b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
            field + b"/FT /Tx /Ff 4096 /T (name) /V (" + value + b") /Rect [120 670 300 712] >>",
            field + b"/FT /Btn /T (agreed) /V /Yes /AS /Yes /Rect [130 598 142 612] /AP << /N << /Yes 11 0 R >> >> >>",
            b"<< /Type /Annot /Subtype /FreeText /F 4 /Contents (Seen by Grace) /Rect [72 500 200 520] >>",
            field + b"/FT /Tx /Ff 8192 /T (password) /V (secret) /Rect [72 400 200 420] >>",
            b"<< /Type /Annot /Subtype /FreeText /F 2 /Contents (hidden) /Rect [72 300 200 320] >>",
            b"<< /Type /XObject /Subtype /Form /BBox [0 0 12 14] /Length 0 >> stream\n\nendstream",
        ]
    )


def scan_pdf(rotate: int = 0) -> bytes:
    """Return a page with a picture, black in the left half and white in the right one, and a blank page."""
    box = f"/Type /Page /Parent 2 0 R /MediaBox [0 0 200 400] /Rotate {rotate}"
    drawn, picture = b"200 0 0 400 0 0 cm /I Do", b"\x00\xff"
    image = b"/Type /XObject /Subtype /Image /Width 2 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 2 /Kids [3 0 R 6 0 R] >>",
            f"<< {box} /Resources << /XObject << /I 5 0 R >> >> /Contents 4 0 R >>".encode(),
            b"<< /Length %d >> stream\n%s\nendstream" % (len(drawn), drawn),
            b"<< %s /Length %d >> stream\n%s\nendstream" % (image, len(picture), picture),
            f"<< {box} >>".encode(),
        ]
    )


def xfa_pdf(needs_rendering: str) -> bytes:
    """Return a form in XFA; its one page says "Please wait."."""
    template = b'<template xmlns="http://www.xfa.org/schema/xfa-template/2.6/"/>'
    xfa = b'<xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">%s</xdp:xdp>' % template
    shown = b"BT /F 12 Tf 72 770 Td (Please wait.) Tj ET"
    catalog = f"/Type /Catalog /Pages 2 0 R /NeedsRendering {needs_rendering} /AcroForm << /Fields [] /XFA 6 0 R >>"
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F 3 0 R >> >> /Contents 5 0 R"
    return pdf_of(
        [
            b"<< %s >>" % catalog.encode(),
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            b"<< %s >>" % page.encode(),
            *(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream) for stream in (shown, xfa)),
        ]
    )


def pdf_of(objects: list[bytes]) -> bytes:
    """Return a PDF file of these objects, numbered from 1; the first is the catalog."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer


def placed_pdf(pieces: Iterable[tuple[float, float, str]]) -> bytes:
    """Return a page that draws words of Helvetica in 10 points at these places, in this order; y grows upwards."""
    shown = " ".join(f"1 0 0 1 {x} {y} Tm ({text}) Tj" for x, y, text in pieces)
    stream = f"BT /F 10 Tf {shown} ET".encode("latin-1")
    resources = "/Resources << /Font << /F 3 0 R >> >> /MediaBox [0 0 595 842]"
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< /Type /Page /Parent 2 0 R {resources} /Contents 5 0 R >>".encode(),
            b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream),
        ]
    )
