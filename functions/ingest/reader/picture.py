"""A page as a picture, for a chat model that accepts pictures."""

import base64
import struct
import zlib

import pypdfium2  # type: ignore[import-untyped]

LONGEST_SIDE = 2048  # pixels; models scale larger pictures down


def picture_of(page: pypdfium2.PdfPage) -> str | None:
    """Return a page as a grey PNG (https://www.w3.org/TR/png-3/) in base64, or None if all its pixels are equal.

    Raises any Exception that rendering raises, such as PdfiumError.
    """
    bitmap = page.render(scale=LONGEST_SIDE / max(page.get_size()), grayscale=True)
    pixels = bytes(bitmap.buffer)
    if pixels.count(pixels[:1]) == len(pixels):
        return None
    rows = (pixels[start : start + bitmap.width] for start in range(0, len(pixels), bitmap.stride))
    header = struct.pack(">IIBBBBB", bitmap.width, bitmap.height, 8, 0, 0, 0, 0)  # 8-bit grey, not interlaced
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(b"".join(b"\0" + row for row in rows))), (b"IEND", b""))
    return base64.b64encode(b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)).decode()


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
