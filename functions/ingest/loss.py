"""Why a page has no text."""

from enum import StrEnum


class Loss(StrEnum):
    """The three kinds, told apart for the reader of the document."""

    EMPTY = "empty"  # there is nothing on the page, or only pictures
    LOST = "lost"  # it could not be read
    GARBLED = "garbled"  # its fonts do not tell which characters they show
