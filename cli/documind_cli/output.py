"""Formats the output: results go to stdout, all else to stderr; progress is animated on a terminal only."""

import sys
import unicodedata
from collections.abc import Mapping
from typing import TextIO

from pydantic import ValidationError

from documind.errors import SENTENCES
from documind.languages import Language
from documind.limits import MAX_PDF_PAGES
from documind.wire import Document, Message
from documind_cli.client import RefusedError

BAR_CELLS = 24
MAX_QUOTE_CHARACTERS = 240
WHY = ("empty", "lost", "garbled")  # of pages without text
CLEAR_LINE = "\r\x1b[K"


def printable(text: str) -> str:
    """Return a text without control characters: answers and names come from other people's files."""
    return "".join(each for each in text if each in "\n\t" or unicodedata.category(each) != "Cc")


class ShownAnswer:
    """Prints an answer as it grows, each character once; not `live`, it prints the final text only."""

    def __init__(self, out: TextIO, *, live: bool) -> None:
        self._out = out
        self._live = live
        self._shown = ""

    def show(self, text: str) -> None:
        """Print what is new in the text so far."""
        if self._live:
            self._print(printable(text))

    def end(self, text: str) -> None:
        """Print what is missing of the final text, which replaces the streamed one."""
        text = printable(text).rstrip()
        if self._shown.rstrip() != text:
            self._print(text)
        self.finish_line()

    def finish_line(self) -> None:
        """Move the cursor to the beginning of a line."""
        if self._shown and not self._shown.endswith("\n"):
            self._out.write("\n")
        self._out.flush()

    def _print(self, text: str) -> None:
        if text.startswith(self._shown):
            self._out.write(text[len(self._shown) :])
        elif self._shown.startswith(text):  # a new epoch, still shorter than what has been printed
            return
        else:
            self._out.write(f"\n\n{text}")
        self._shown = text
        self._out.flush()


class Progress:
    """A progress line about a PDF that is being read, on a terminal only."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._live = out.isatty()

    def show(self, document: Document) -> None:
        if not self._live:
            return
        done, total = document.pages_done, document.pages_total
        cells = BAR_CELLS * done // total if total else 0
        bar = "█" * cells + "░" * (BAR_CELLS - cells)
        pages = f"{done}/{total} pages" if total else document.status.replace("_", " ")
        self._out.write(f"{CLEAR_LINE}{printable(document.name)[:40]} {bar} {pages}")
        self._out.flush()

    def clear(self) -> None:
        if self._live:
            self._out.write(CLEAR_LINE)
            self._out.flush()


def citation_lines(message: Message, names: Mapping[str, str]) -> list[str]:
    """Return one line for each citation: `[n] file, p. N: "quote"`; `names` are those of the room's documents."""
    lines = []
    for citation in message.citations:
        name = names.get(citation.document_id, "(deleted)")
        words = shorten(citation.quote) if citation.quote else ""
        quote = f': "{words}"' if words else ""
        lines.append(printable(f"[{citation.number}] {name}, p. {citation.page}{quote}"))
    return lines


def shorten(quote: str) -> str:
    """Return a passage on one line, cut after 240 characters; `--json` prints all of it."""
    line = " ".join(quote.split())
    return line if len(line) <= MAX_QUOTE_CHARACTERS else f"{line[:MAX_QUOTE_CHARACTERS].rstrip()} …"


def pages_of(document: Document) -> str:
    """Return the number of pages, and the numbers of the first 20 without text and of those read from pictures."""
    count = "1 page" if document.pages_total == 1 else f"{document.pages_total} pages"
    places = [f"{why} {', '.join(found)}" for why in WHY if (found := _pages_without_text(document, why))]
    runs = [str(first) if first == last else f"{first}-{last}" for first, last in document.from_pictures]
    return "; ".join([count, *places, *([f"read from pictures {', '.join(runs)}"] if runs else [])])


def _pages_without_text(document: Document, why: str) -> list[str]:
    return [str(each.page) for each in document.without_text if each.why == why]


def failure_of(document: Document, language: Language) -> str:
    """Return the sentence that says why a document could not be read."""
    if document.reason is None:
        return document.status
    sentence = SENTENCES[document.reason].in_language(language, limit=MAX_PDF_PAGES, detail=document.document_id)
    return sentence if document.reason_page is None else f"{sentence} (p. {document.reason_page})"


def sentence_of(error: Exception) -> str:
    """Return the sentence for an error that is printed."""
    if isinstance(error, RefusedError):
        return error.frame.message
    if isinstance(error, ValidationError):  # an argument that no frame takes
        first = error.errors()[0]
        why = "must not be blank" if first["type"] == "string_pattern_mismatch" else first["msg"]
        return f"{first['loc'][0]}: {why}"
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    return "No answer came in time." if isinstance(error, TimeoutError) else str(error)


def tell(line: str) -> None:
    """Print a line to stderr that is not part of the result."""
    print(printable(line), file=sys.stderr, flush=True)
