"""Why a page has no text, and whether text in a font without a Unicode mapping still reads like language."""

import re
import unicodedata
from enum import StrEnum


class Loss(StrEnum):
    """The reasons for a page without text, which are reported separately."""

    EMPTY = "empty"  # there is nothing on the page, or only pictures
    LOST = "lost"  # reading it failed
    GARBLED = "garbled"  # its fonts do not say which characters the glyphs are


WORD = re.compile(r"[^\s\u3000-\u303f\u30fb\uff00-\uff0f\uff1a-\uff20]+")
AROUND = ".,:;!?()[]{}\"'“”‘’«»„…–—-•*§¿¡&/"  # removed from both ends of a word
INSIDE = "-'’.,:/@_()"  # allowed within a word
EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"}
SHORT = 3  # characters: a shorter word is not judged, except in East Asian scripts
RARE_LATIN = re.compile(r"[\u0180-\u02af]")  # phonetic and African letters, as in Cyrillic read with a wrong encoding
VOWEL = re.compile(r"[aeiouyæøœıąęůűő]")


def is_gibberish(text: str) -> bool:
    """Tell whether most of a text is not words but has signs among letters, mixed scripts or capitals inside.

    For text in a font without a Unicode mapping: often its codes are those of a common encoding, so that the text is
    right, and often they are only glyph numbers.
    """
    balance = 0
    for match in WORD.finditer(text):
        word = match[0].strip(AROUND)
        verdict = _is_word(word)
        if verdict is not None:
            balance += len(word) if verdict else -len(word)
    return balance <= 0


def _is_word(word: str) -> bool | None:
    """Tell whether it looks like a word; None if it is too short to judge or has no letters."""
    if any(unicodedata.category(character) in {"Cc", "Co", "Cn"} for character in word):
        return False
    letters = "".join(character for character in word if character.isalpha())
    scripts = {unicodedata.name(letter, "?").split()[0] for letter in letters}
    if scripts & EAST_ASIAN:
        return scripts <= EAST_ASIAN | {"LATIN"}
    others = [c for c in word if not (c.isalpha() or c in INSIDE or unicodedata.category(c)[0] == "M")]
    if len(word) < SHORT or not letters:
        return None
    if len(scripts) > 1 or others:
        return False
    if scripts == {"LATIN"}:
        base = unicodedata.normalize("NFD", letters.casefold())
        cased = letters[1:].islower() or letters.isupper()
        return cased and bool(VOWEL.search(base)) and not RARE_LATIN.search(letters)
    return True
