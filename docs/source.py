"""What the code says about itself: docstrings, and the comments behind the fields of its classes."""

import inspect
import re
from collections.abc import Iterable

FIELD = re.compile(r"^ {4}(\w+): .*?  # (.*)$", re.MULTILINE)


def docstring(subject: type) -> str:
    """Return a class's own docstring, its paragraphs each on one line."""
    paragraphs = inspect.cleandoc(vars(subject).get("__doc__") or "").split("\n\n")
    return "\n\n".join(paragraph.replace("\n", " ") for paragraph in paragraphs)


def field_comments(subject: type) -> dict[str, str]:
    """Return the comments behind the fields of a class and its bases, by the field's name."""
    ours = [each for each in reversed(subject.__mro__) if each.__module__.startswith(("documind.", "infra."))]
    return {name: comment for each in ours for name, comment in FIELD.findall(inspect.getsource(each))}


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> list[str]:
    """Return the lines of a Markdown table."""
    names = list(head)
    cells = [names, ["---"] * len(names), *([cell.replace("|", "\\|") for cell in row] for row in rows)]
    return [f"| {' | '.join(row)} |" for row in cells]
