"""The lines of one page with the box of each character, as pdfium finds them; sideways text is turned upright."""

import ctypes
import re
from array import array
from collections import Counter, deque
from functools import lru_cache
from itertools import repeat
from math import hypot, pi
from typing import Any

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from ingest.reader.columns import in_reading_order
from ingest.reader.loss import is_gibberish
from ingest.reader.page_lines import Run, line_of_run
from ingest.reader.right_to_left import is_mostly_right_to_left
from ingest.reader.spans import spans_of_lines
from ingest.reader.turn import QUARTERS, Turn, placed
from ingest.reader.visual_line import Boxes, VisualLine

MAX_PAGE_CHARACTERS = 500_000  # on one page; a page full of tiny print has 20,000
SEMIBOLD = 600  # font weight from which text counts as bold
BOLD_NAME = re.compile(rb"bold|black|heavy|semib|demi|cmbx|[a-z]bx\d", re.IGNORECASE)
HYPHEN = re.compile("[\x02\ufffe]")  # pdfium's mark of a hyphen at the end of a line
SURROGATE = re.compile("[\ud800-\udfff]")
SURROGATE_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
SAMPLE = 50  # characters of a page that are examined, at equal distances
GARBLED = 0.3  # of the sample: greatest share of characters without a Unicode mapping
FLOATS_OF_A_BOX = 4  # left, top, right, bottom


def _unchecked(function: Any, result: Any) -> Any:
    """Return a pdfium function whose arguments ctypes does not convert: it is called for each character of a page.

    It takes numbers and results of `ctypes.byref` made in advance, which takes half the time of passing addresses.
    """
    return ctypes.PYFUNCTYPE(result)(ctypes.cast(function, ctypes.c_void_p).value or 0)


GET_UNICODE = _unchecked(raw.FPDFText_GetUnicode, ctypes.c_int)
GET_BOX = _unchecked(raw.FPDFText_GetLooseCharBox, None)
GET_SIZE = _unchecked(raw.FPDFText_GetFontSize, ctypes.c_double)
GET_MATRIX = _unchecked(raw.FPDFText_GetMatrix, ctypes.c_int)
GET_WEIGHT = _unchecked(raw.FPDFText_GetFontWeight, ctypes.c_int)
GET_FONT = _unchecked(raw.FPDFText_GetFontInfo, None)
GET_ORIGIN = _unchecked(raw.FPDFText_GetCharOrigin, None)
GET_ANGLE = _unchecked(raw.FPDFText_GetCharAngle, ctypes.c_float)
IS_HYPHEN = _unchecked(raw.FPDFText_IsHyphen, ctypes.c_int)
HAS_NO_MEANING = _unchecked(raw.FPDFText_HasUnicodeMapError, ctypes.c_int)
BOXES_AT_ONCE = 4096
BOXES = (raw.FS_RECTF * BOXES_AT_ONCE)()
# Output buffers of these functions, and pointers to them; shared, because one page is read at a time.
MATRIX, X, Y = raw.FS_MATRIX(), ctypes.c_double(), ctypes.c_double()
NAME = ctypes.create_string_buffer(128)
AT_MATRIX, AT_X, AT_Y, AT_NAME, AT_FLAGS = map(ctypes.byref, (MATRIX, X, Y, NAME, ctypes.c_int()))
NAME_BYTES = ctypes.c_ulong(len(NAME))
AT_BOXES = [ctypes.byref(BOXES, ctypes.sizeof(raw.FS_RECTF) * index) for index in range(BOXES_AT_ONCE)]


class TooComplexError(Exception):
    """A page has more characters than MAX_PAGE_CHARACTERS."""


class PdfiumPage:
    """One loaded page; `index` counts from 0. Raises PdfiumError when pdfium cannot load it."""

    def __init__(self, document: pypdfium2.PdfDocument, index: int) -> None:
        self.page = document[index]
        self._rotation = self.page.get_rotation()
        turns = self._rotation // 90 % QUARTERS
        crop = self.page.get_bbox()  # the crop box within the media box; either may be inherited
        self.page.set_rotation(0)  # pdfium looks for lines along the page without its rotation
        self._text = self.page.get_textpage()
        self._address = ctypes.byref(self._text.raw.contents)
        upright = self._turns_of_text(turns)
        self.place = placed(crop, upright)
        width, height = crop[2] - crop[0], crop[3] - crop[1]
        self.width, self.height = (height, width) if upright % 2 else (width, height)
        self.turn = Turn((turns - upright) % QUARTERS, self.width, self.height)

    def _turns_of_text(self, turns: int) -> int:
        """Return by how many quarters clockwise to turn the page for upright text; without text, `turns` as displayed.

        pdfium gives the angle of each character, clockwise on the page; -1 if it is unknown.
        """
        count = self._text.count_chars()
        angles = Counter(map(GET_ANGLE, repeat(self._address), range(0, count, max(count // SAMPLE, 1))))
        quarters: Counter[int] = Counter()
        for angle, characters in angles.items():
            if angle >= 0:
                quarters[round(-angle / (pi / 2)) % QUARTERS] += characters
        return quarters.most_common(1)[0][0] if quarters else turns

    def close(self) -> None:
        """Free pdfium's objects, and restore the rotation of the page in the document."""
        self._text.close()
        self.page.set_rotation(self._rotation)
        self.page.close()

    def lines(self) -> list[VisualLine]:
        """Return the visible lines in reading order. Raises TooComplexError."""
        count = self._text.count_chars()
        if count > MAX_PAGE_CHARACTERS:
            raise TooComplexError
        text, boxes = self._with_true_hyphens(self._units(count)), self._boxes(count)
        spans = in_reading_order(text, boxes, spans_of_lines(text, boxes))
        runs = (self._run(text, boxes, *span) for span in spans)
        is_right = is_mostly_right_to_left(text)
        lines = (line_of_run(run, is_right=is_right) for run in runs)
        return [line for line in lines if line and self._is_visible(line)]

    def _units(self, count: int) -> str:
        """Return the page's characters as UTF-16 code units, each of which has an index in pdfium.

        pdfium's call for the whole text leaves some out; if that or a surrogate shifts the indices, each unit is
        requested separately.
        """
        units = array("H", bytes(2 * count + 2))
        buffer = ctypes.cast(units.buffer_info()[0], ctypes.POINTER(ctypes.c_ushort))
        written = raw.FPDFText_GetText(self._text.raw, 0, count, buffer) - 1
        text = units[:count].tobytes().decode("utf-16-le", "surrogatepass")
        if written == len(text) == count and (text.isascii() or not SURROGATE.search(text)):
            return text
        return "".join(map(chr, map(GET_UNICODE, repeat(self._address), range(count))))

    def _with_true_hyphens(self, text: str) -> str:
        """Return the text with spaces for those of pdfium's hyphen marks that are glyphs without a Unicode mapping."""
        marks = [match.start() for match in HYPHEN.finditer(text)]
        false = [index for index in marks if IS_HYPHEN(self._address, index) != 1]
        if not false:
            return text
        units = [*text]
        for index in false:
            units[index] = " "
        return "".join(units)

    def _boxes(self, count: int) -> Boxes:
        """Return the box of each character."""
        values = array("f")
        for start in range(0, count, BOXES_AT_ONCE):
            stop = min(start + BOXES_AT_ONCE, count)
            ctypes.memset(BOXES, 0, ctypes.sizeof(BOXES))
            deque(map(GET_BOX, repeat(self._address), range(start, stop), AT_BOXES), maxlen=0)
            values.frombytes(memoryview(BOXES).cast("B")[: (stop - start) * ctypes.sizeof(raw.FS_RECTF)])
        lefts, tops, rights, bottoms = (values[side::FLOATS_OF_A_BOX] for side in range(FLOATS_OF_A_BOX))
        return self.place.boxes(lefts, bottoms, rights, tops)

    def is_garbled(self) -> bool:
        """Tell whether many characters have no Unicode mapping and the text that pdfium guesses is gibberish."""
        count = self._text.count_chars()
        sample = range(0, count, max(count // SAMPLE, 1))
        unknown = [*map(HAS_NO_MEANING, repeat(self._address), sample)].count(1)
        return unknown > GARBLED * len(sample) and is_gibberish(self._units(count))

    def _is_visible(self, line: VisualLine) -> bool:
        """Tell whether part of the line is on the displayed page: printers' marks and hidden notes are not."""
        low, high = min(line.lows[0], line.lows[-1]), max(line.highs[0], line.highs[-1])
        along, across = (self.width, self.height) if line.axis == "x" else (self.height, self.width)
        return high > 0 and low < along and line.across[1] > 0 and line.across[0] < across

    def _run(self, text: str, boxes: Boxes, start: int, end: int, hyphenated: bool) -> Run:
        """Return the characters of a line with their boxes; a surrogate pair becomes one character."""
        characters, places = text[start:end], boxes.part(start, end)
        if not characters.isascii() and SURROGATE.search(characters):
            characters, places = _paired(characters, places)
        middle = (start + end) // 2
        sample = (start, middle - (text[middle] == " "), end - 1)  # no space: those that pdfium inserts have no size
        _, (size, typical), _ = sorted([(self._size(index), index) for index in sample])  # no superscript's
        GET_ORIGIN(self._address, typical, AT_X, AT_Y)
        return Run(
            text=characters,
            boxes=places,
            origin=self.place.point(X.value, Y.value),
            size=size,
            bold=all(map(self._is_bold, sample)),
            hyphenated=hyphenated,
        )

    def _size(self, index: int) -> float:
        """Return the size of a character's font in points of the page; 0 for a character that pdfium inserted."""
        address = self._address
        size: float = GET_SIZE(address, index)
        if size <= 0 or not GET_MATRIX(address, index, AT_MATRIX) or GET_WEIGHT(address, index) < 0:
            return 0.0
        return size * hypot(MATRIX.c, MATRIX.d)

    def _is_bold(self, index: int) -> bool:
        if GET_WEIGHT(self._address, index) >= SEMIBOLD:
            return True
        NAME.value = b""
        GET_FONT(self._address, index, AT_NAME, NAME_BYTES, AT_FLAGS)
        return _is_bold_name(NAME.value)


@lru_cache
def _is_bold_name(name: bytes) -> bool:
    return bool(BOLD_NAME.search(name))


def _paired(units: str, boxes: Boxes) -> tuple[str, Boxes]:
    """Return the characters of UTF-16 code units; a surrogate pair has the box of its first half."""
    seconds = {pair.start() + 1 for pair in SURROGATE_PAIR.finditer(units)}
    text = SURROGATE_PAIR.sub(lambda pair: pair[0].encode("utf-16", "surrogatepass").decode("utf-16"), units)
    return text, boxes.chosen([index for index in range(len(units)) if index not in seconds])
