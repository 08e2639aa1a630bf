"""Identifiers: what is ordered by time is a ULID, what must not be guessed is random, names are compared normalised."""

import secrets
import unicodedata

from ulid import ULID

UNSEEN = {"Cc", "Zl", "Zp"}  # controls, separators of lines and of paragraphs
DIRECTIONS = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
MAX_NORMALISED_CHARACTERS = 250  # at most four bytes each


def new_ulid(*, after: str | None = None) -> str:
    """Return an id that sorts by its time of creation (26 characters, milliseconds).

    With `after` it sorts behind that id, whatever the clocks of two machines say.
    """
    new = str(ULID())
    if after is None or new > after:
        return new
    return str(ULID.from_timestamp(ULID.from_str(after).milliseconds + 1))


def created_at(ulid: str) -> float:
    """Return when a ULID was made, in seconds since 1970; to the millisecond."""
    return float(ULID.from_str(ulid).timestamp)


def new_random_id() -> str:
    """Return an id that nobody can guess (22 URL-safe characters, 128 bits)."""
    return secrets.token_urlsafe(16)


def is_plain_name(name: str) -> bool:
    """Tell whether a name is one line of visible text: no control character, none that turns the direction of text.

    U+202E shows `fdp.exe` as `exe.pdf`: https://www.unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
    """
    return bool(name.strip()) and not any(
        unicodedata.category(character) in UNSEEN or unicodedata.bidirectional(character) in DIRECTIONS
        for character in name
    )


def normalised_name(name: str) -> str:
    """Return the form in which two names are compared: NFKC, case folded, white space collapsed.

    It is part of a sort key, which holds 1,024 bytes, and one character may grow to 18:
    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
    """
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())[:MAX_NORMALISED_CHARACTERS]
