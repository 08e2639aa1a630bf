"""The values of form fields and the visible notes of a page, which pdfium leaves out of the page's text."""

import ctypes
from collections.abc import Iterator, Sequence
from operator import itemgetter
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.reader.page_lines import Run, line_of_run
from ingest.reader.turn import Place
from ingest.reader.visual_line import Box, Boxes, VisualLine

MAX_ANNOTATIONS = 1_000  # per page that are read
NOT_SHOWN = raw.FPDF_ANNOT_FLAG_HIDDEN | raw.FPDF_ANNOT_FLAG_NOVIEW
NOTES = {raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_STAMP}
CHECKED = {raw.FPDF_FORMFIELD_CHECKBOX, raw.FPDF_FORMFIELD_RADIOBUTTON}
WRITTEN = {raw.FPDF_FORMFIELD_TEXTFIELD, raw.FPDF_FORMFIELD_COMBOBOX, raw.FPDF_FORMFIELD_LISTBOX}
PASSWORD_FIELD = 1 << 13  # field flag 14 of text fields, ISO 32000-2 table 230
CHECK_MARK = "☒"
MIN_SIZE, MAX_SIZE = 4.0, 12.0  # points: the font size of a field is unknown; its line height within these limits


def with_annotations(
    lines: list[VisualLine], page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None, place: Place
) -> list[VisualLine]:
    """Return the lines of a page and of its fields and notes, each of these after the line left of it or above it."""
    added = list(_annotation_lines(page, form, place))
    placed = [*enumerate(lines)]
    ends = [(line.box(0), line.box(-1)) for line in lines] if added else []
    for line in added:
        position, line.continues = _position(ends, line.box(0))
        placed.append((position, line))
    return [line for _, line in sorted(placed, key=itemgetter(0))]


def _annotation_lines(page: pypdfium2.PdfPage, form: pypdfium2.PdfFormEnv | None, place: Place) -> Iterator[VisualLine]:
    for index in range(min(raw.FPDFPage_GetAnnotCount(page.raw), MAX_ANNOTATIONS)):
        annotation = raw.FPDFPage_GetAnnot(page.raw, index)
        if not annotation:
            continue
        try:
            if not raw.FPDFAnnot_GetFlags(annotation) & NOT_SHOWN:
                yield from _lines_of(_value(annotation, form), annotation, place)
        finally:
            raw.FPDFPage_CloseAnnot(annotation)


def _value(annotation: Any, form: pypdfium2.PdfFormEnv | None) -> str:
    """Return the visible text of an annotation; empty for links, highlighting, passwords and empty fields."""
    subtype = raw.FPDFAnnot_GetSubtype(annotation)
    if subtype in NOTES:
        return _string(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size))
    if subtype != raw.FPDF_ANNOT_WIDGET:
        return ""
    if not form:
        return _value_without_form(annotation)
    kind = raw.FPDFAnnot_GetFormFieldType(form.raw, annotation)
    if kind in CHECKED:
        return CHECK_MARK if raw.FPDFAnnot_IsChecked(form.raw, annotation) else ""
    if kind not in WRITTEN or raw.FPDFAnnot_GetFormFieldFlags(form.raw, annotation) & PASSWORD_FIELD:
        return ""
    return _string(lambda buffer, size: raw.FPDFAnnot_GetFormFieldValue(form.raw, annotation, buffer, size))


def _value_without_form(annotation: Any) -> str:
    """Return the value stored in the annotation itself, for documents whose form was not loaded."""
    flags = ctypes.c_float()
    raw.FPDFAnnot_GetNumberValue(annotation, b"Ff", flags)
    if int(flags.value) & PASSWORD_FIELD:
        return ""
    return _string(lambda buffer, size: raw.FPDFAnnot_GetStringValue(annotation, b"V", buffer, size))


def _string(fill: Any) -> str:
    """Return a string that `fill` has pdfium write in UTF-16 with a NUL at its end."""
    size = fill(None, 0)  # pdfium writes nothing into a smaller buffer
    if size <= 2:  # noqa: PLR2004 (the NUL alone)
        return ""
    buffer = ctypes.create_string_buffer(size)
    fill(ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), size)
    return buffer.raw.decode("utf-16-le", "ignore").rstrip("\0")


def _lines_of(value: str, annotation: Any, place: Place) -> Iterator[VisualLine]:
    """Yield the lines of a value, spread with their characters evenly over the annotation's rectangle."""
    rows = [row for row in value.replace("\r\n", "\n").replace("\r", "\n").split("\n") if row.strip()]
    rectangle = raw.FS_RECTF()
    if not rows or not raw.FPDFAnnot_GetRect(annotation, ctypes.byref(rectangle)):
        return
    box = place.box(rectangle.left, rectangle.bottom, rectangle.right, rectangle.top)
    height = (box.bottom - box.top) / len(rows)
    for number, row in enumerate(rows):
        top = box.top + number * height
        width = min((box.right - box.left) / len(row), height)
        boxes = Boxes.of(
            Box(box.left + width * index, top, box.left + width * (index + 1), top + height)
            for index in range(len(row))
        )
        size = min(max(height, MIN_SIZE), MAX_SIZE)
        line = line_of_run(Run(row, boxes, (box.left, top + height * 0.8), size, bold=False, hyphenated=False))
        if line:
            yield line


def _position(lines: Sequence[tuple[Box, Box]], box: Box) -> tuple[int, bool]:
    """Return the index of the nearest line left of a box on its row, else above it, and whether it is on its row.

    `lines`: the boxes of the first and the last character of each.
    """
    middle = (box.top + box.bottom) / 2
    best, best_distance = (len(lines) - 1, False), float("inf")
    for index, (first, last) in enumerate(lines):
        beside = first.top <= middle <= first.bottom and last.right <= box.left + (box.right - box.left) / 2
        above = first.bottom <= box.top + 1
        if beside or above:
            distance = abs(box.left - last.right) if beside else 1000 + box.top - first.bottom
            if distance < best_distance:
                best, best_distance = (index, beside), distance
    return best
