"""`python -m docs.generate` (make docs): write the pages that are made from the code; a unit test holds them to it."""

from pathlib import Path

from docs import protocol, settings

FOLDER = Path(__file__).resolve().parent


def pages() -> dict[str, str]:
    """Return the text of each generated file by its name."""
    return {
        "protocol.md": protocol.page(),
        "protocol.schema.json": protocol.schema(),
        "settings.md": settings.page(),
    }


if __name__ == "__main__":
    for name, text in pages().items():
        (FOLDER / name).write_text(text)
