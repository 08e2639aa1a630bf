"""The words of a text as the offline model counts them: Latin words, and runs of CJK characters."""

import re
import unicodedata
from collections.abc import Iterator

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|(?:(?![{CJK}])\w)+")
_SUFFIXES = ("ing", "ed", "es", "s", "e")
_STEM_MIN_CHARS = 3


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield (run, is it CJK) in order, folded so that case and the width of characters do not matter."""
    for match in _RUN.finditer(unicodedata.normalize("NFKC", text).casefold()):
        yield match[0], match["cjk"] is not None


def n_grams(run: str, size: int) -> list[str]:
    """Return every stretch of `size` characters of the run, none when the run is shorter."""
    return [run[start : start + size] for start in range(len(run) - size + 1)]


def terms(text: str) -> list[str]:
    """Return what overlap is counted in: stems of Latin words, CJK characters and pairs of them."""
    found: list[str] = []
    for run, is_cjk in runs(text):
        if is_cjk:
            found += [*run, *n_grams(run, 2)]
        else:
            found.append(_stem(run))
    return found


def token_count(text: str) -> int:
    """Estimate the tokens of a text: one for each word and for each CJK character."""
    return sum(len(run) if is_cjk else 1 for run, is_cjk in runs(text))


def _stem(word: str) -> str:
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM_MIN_CHARS:
            return word[: -len(suffix)]
    return word
