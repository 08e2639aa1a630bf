"""A line as it stands on the page: what the child process hands to the function."""

from typing import NamedTuple


class VisualLine(NamedTuple):
    """One line and where it stands, in PDF points (the origin is the lower left corner of the page).

    `start_width` is the width of what cannot be broken at its start: a word, or an ideograph with its punctuation.
    """

    text: str
    left: float
    right: float
    baseline: float
    height: float
    start_width: float
