"""`python -m docs.generate` (make docs): write the files that are made from the code; a unit test holds them to it."""

from collections.abc import Callable
from pathlib import Path

from docs import cost, protocol, settings, web

ROOT = Path(__file__).resolve().parents[1]
FILES: dict[str, Callable[[], str]] = {
    "README.md": lambda: cost.readme((ROOT / "README.md").read_text()),
    "docs/protocol.md": protocol.page,
    "docs/protocol.schema.json": protocol.schema,
    "docs/settings.md": settings.page,
    "web/protocol.d.ts": web.types,
    "web/sentences.js": web.sentences,
}

if __name__ == "__main__":
    for name, text in FILES.items():
        (ROOT / name).write_text(text())
