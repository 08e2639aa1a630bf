"""Identifiers: ULIDs sort by time, random ids cannot be guessed, names are compared in normalised form."""

import secrets
import unicodedata

from ulid import ULID

UNSEEN = {"Cc", "Zl", "Zp"}  # Unicode categories: controls, line separators, paragraph separators
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MAX_NORMALISED_CHARACTERS = 250  # at most 1,000 bytes of UTF-8


def new_ulid(*, after: str | None = None) -> str:
    """Return a ULID: 26 characters that sort by the time of creation in milliseconds.

    With `after` it sorts behind that id, even if that was made by a machine whose clock is ahead.
    """
    new = str(ULID())
    if after is None or new > after:
        return new
    return str(ULID.from_timestamp(ULID.from_str(after).milliseconds + 1))


def created_at(ulid: str) -> float:
    """Return when a ULID was made, in seconds since 1970 with a resolution of 1 ms."""
    return float(ULID.from_str(ulid).timestamp)


def new_random_id() -> str:
    """Return an id that nobody can guess (22 URL-safe characters, 128 bits)."""
    return secrets.token_urlsafe(16)


def is_plain_name(name: str) -> bool:
    """Return whether a name is visible text of one line, without control and bidirectional formatting characters.

    U+202E shows `fdp.exe` as `exe.pdf`: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
    """
    return bool(name.strip()) and not any(
        unicodedata.category(character) in UNSEEN or unicodedata.bidirectional(character) in DIRECTIONS
        for character in name
    )


def normalised_name(name: str) -> str:
    """Return the form in which two names are compared: NFKC, case folded, white space collapsed.

    It is cut because it is part of a sort key of at most 1,024 bytes, and NFKC makes up to 18 characters of one:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:MAX_NORMALISED_CHARACTERS]
