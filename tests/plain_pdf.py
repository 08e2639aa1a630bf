"""PDFs made for tests: one page of Latin text for each string, no text on a page for an empty one."""

from pathlib import Path


def plain_pdf(pages: list[str]) -> bytes:
    """Return a PDF whose pages show these texts, one line of Helvetica for each line of text."""
    kids = " ".join(f"{4 + 2 * index} 0 R" for index in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{kids}] >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for index, text in enumerate(pages):
        resources = "/Resources << /Font << /F 3 0 R >> >> /MediaBox [0 0 595 842]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {resources} /Contents {5 + 2 * index} 0 R >>".encode())
        shown = " ".join(f"({line}) Tj T*" for line in text.splitlines())
        stream = f"BT /F 12 Tf 14 TL 72 770 Td {shown} ET".encode("latin-1")
        objects.append(b"<< /Length %d >> stream\n%s\nendstream" % (len(stream), stream))
    return pdf_of(objects)


def written(folder: Path, content: bytes) -> Path:
    """Write a file for a test and return its path."""
    path = folder / "upload.pdf"
    path.write_bytes(content)
    return path


def nested_forms(depth: int) -> bytes:
    """Return a small PDF whose page shows 2 ** `depth` times the same letter: each form shows the next one twice."""
    form = (
        "/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /Font << /T 3 0 R >> /XObject << /F %d 0 R >> >>"
    )
    page = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /XObject << /F 6 0 R >> >> /Contents 5 0 R"
    drawn = [(form % (7 + level), "/F Do /F Do") for level in range(depth)]
    streams = [("", "/F Do"), *drawn, (form % 3, "BT /T 1 Tf (x) Tj ET")]
    return pdf_of(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
            f"<< {page} >>".encode(),
            *(f"<< {kind} /Length {len(s)} >> stream\n{s}\nendstream".encode() for kind, s in streams),
        ]
    )


def pdf_of(objects: list[bytes]) -> bytes:
    """Return the file that holds these objects, numbered from 1; the first is the catalog."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer << /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table) + trailer
