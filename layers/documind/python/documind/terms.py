"""The terms of a text that the fusion counts: stems of words, single CJK characters and pairs of them."""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path

CJK = "\u3005\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
COMPATIBILITY_IDEOGRAPHS = range(0xF900, 0xFB00)
FULL_WIDTH = ord("！") - ord("!")  # between an ASCII character and its full-width form
_VARIANTS = Path(__file__).with_name("han_variants.txt")
_WORD = re.compile(rf"[^\W{CJK}]+")
_RUN = re.compile(rf"(?P<cjk>[{CJK}]+)|{_WORD.pattern}")
IS_CJK = re.compile(f"[{CJK}]")
_SUFFIXES = (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", ""), ("e", ""))
_STEM_MIN_CHARS = 3


@cache
def variants() -> dict[str, str]:
    """Return the Simplified ideograph for each Traditional and compatibility ideograph (U+F900 to FAFF).

    The table is the first choice of OpenCC's `TSCharacters.txt` (Apache-2.0, https://github.com/BYVoid/OpenCC), limited
    to characters of GB 2312.
    """
    traditional, simplified = _VARIANTS.read_text("utf-8").split()
    table = dict(zip(traditional, simplified, strict=True))
    for character in map(chr, COMPATIBILITY_IDEOGRAPHS):
        ordinary = unicodedata.normalize("NFC", character)
        if ordinary != character:
            table[character] = table.get(ordinary, ordinary)
    return table


@cache
def _translation() -> dict[int, str]:
    """Return the variants, and the ASCII of full-width forms, which NFKC would find too, but slowly."""
    ascii_of = {chr(character + FULL_WIDTH): chr(character) for character in range(ord("!"), ord("~") + 1)}
    return str.maketrans(variants() | ascii_of)


def folded(text: str) -> str:
    """Return the text with case folded, NFKC applied and ideographs simplified; its length may change."""
    if text.isascii():
        return text.lower()
    plain = text.translate(_translation())  # first: NFKC returns at once what it need not change, as most is then
    normal = unicodedata.normalize("NFKC", plain)
    return (normal if normal == plain else normal.translate(_translation())).casefold()


def runs(text: str) -> Iterator[tuple[str, bool]]:
    """Yield the runs of word characters of a folded text in order, each with whether it is CJK."""
    for match in _RUN.finditer(folded(text)):
        yield match[0], match["cjk"] is not None


def terms(text: str) -> list[str]:
    """Return the terms of a text in order."""
    found: list[str] = []
    for run, is_cjk in runs(text):
        if is_cjk:
            found += [*run, *(run[start : start + 2] for start in range(len(run) - 1))]
        else:
            found.append(_stem(run))
    return found


def held(wanted: frozenset[str], text: str) -> frozenset[str]:
    """Return which of the terms `wanted` a folded text contains; the result is that of `terms`, but faster.

    Only the words that begin as one of the terms does are cut out of the text and stemmed.
    """
    return frozenset(term for term in wanted if _beginning(term) in text and (_is_cjk(term) or _has_word(term, text)))


@lru_cache(maxsize=1_000)
def _is_cjk(term: str) -> bool:
    return IS_CJK.match(term) is not None


def _beginning(term: str) -> str:
    """Return what all words with this stem begin with: of "library" also "libraries"."""
    return term[:-1] if term.endswith("y") and len(term) > _STEM_MIN_CHARS else term


def _has_word(term: str, text: str) -> bool:
    beginning = _beginning(term)
    start = text.find(beginning)
    while start >= 0:
        word = _WORD.match(text, start)
        if word and _stem(word[0]) == term and not (start and _WORD.match(text, start - 1)):
            return True
        start = text.find(beginning, start + 1)
    return False


@lru_cache(maxsize=10_000)  # most passages of a search share their words
def _stem(word: str) -> str:
    stem = word
    for suffix, ending in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _STEM_MIN_CHARS:
            stem = word.removesuffix(suffix) + ending
            break
    return stem[:-1] if stem[-1:] == stem[-2:-1] else stem  # "running" gets the stem of "runs"


_ASKING_CJK = (
    "請問|這個|那個|什麼時候|什麼意思|什麼|甚麼|怎麼樣|怎麼辦|怎麼|怎樣|如何|為何|為什麼|哪一個|哪一|哪些|哪裡|哪個|哪|誰|多少|多久"
    "|幾|是否|是不是|有沒有|可不可以|可以|需要|應該|嗎|呢|吧|的|了|是|在|有|我|你|您"
)
_ASKING_WORDS = (
    "a about an and are as at be been by can could do does did for from had has have how i if in into is it its "
    "many may me might much must my of on or our please should tell than that the their them then there these "
    "they this to was we were what when where which who whom whose why will with would you your"
)


@cache
def _asking() -> tuple[re.Pattern[str], frozenset[str]]:
    return re.compile(folded(_ASKING_CJK)), frozenset(terms(_ASKING_WORDS))


def question_terms(question: str) -> frozenset[str]:
    """Return the terms of a question without interrogatives and stop words, or with them if nothing else is left."""
    pattern, words = _asking()
    return frozenset(terms(pattern.sub(" ", folded(question)))) - words or frozenset(terms(question))
