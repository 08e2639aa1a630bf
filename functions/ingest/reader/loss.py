"""Why a page has no text, and whether what a font does not tell reads like language all the same."""

import re
import unicodedata
from enum import StrEnum


class Loss(StrEnum):
    """The three kinds, told apart for the reader of the document."""

    EMPTY = "empty"  # there is nothing on the page, or only pictures
    LOST = "lost"  # it could not be read
    GARBLED = "garbled"  # its fonts do not tell which characters they show


WORD = re.compile(r"[^\s\u3000-\u303f\u30fb\uff00-\uff0f\uff1a-\uff20]+")
AROUND = ".,:;!?()[]{}\"'“”‘’«»„…–—-•*§¿¡&/"
INSIDE = "-'’.,:/@_()"
EAST_ASIAN = {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL"}
SHORT = 3  # a word of fewer Latin letters says nothing
RARE_LATIN = re.compile(r"[\u0180-\u02af]")  # phonetic and African letters: what shifted Cyrillic looks like
VOWEL = re.compile(r"[aeiouyæøœıąęůűő]")


def is_gibberish(text: str) -> bool:
    """Tell whether the words of a text are mostly none: signs among letters, mixed scripts, capitals inside.

    Meant for text whose font gives no Unicode: often it is right nevertheless, because its codes are of a usual
    encoding, and often its codes are mere numbers of glyphs.
    """
    balance = 0
    for match in WORD.finditer(text):
        word = match[0].strip(AROUND)
        verdict = _is_word(word)
        if verdict is not None:
            balance += len(word) if verdict else -len(word)
    return balance <= 0


def _is_word(word: str) -> bool | None:
    """Tell whether it looks like a word; None where that cannot be told."""
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
