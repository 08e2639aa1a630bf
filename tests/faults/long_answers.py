"""A document for which the offline model writes its longest answer."""

import textwrap
from pathlib import Path

from documind_cli.client import Client
from tests.e2e.rooms import upload
from tests.plain_pdf import plain_pdf

LONG_QUESTION = "What did the caravan carry?"
YEARS = 4
WARES = ["salt", "silk", "tea", "wool", "copper", "amber", "pepper", "paper", "ink", "honey"]
MANY_CHARACTERS = 700  # of the answer, at least; its pieces have four each


def upload_long_document(client: Client, folder: Path) -> None:
    """Upload a PDF from which the answer to LONG_QUESTION quotes three sentences of nearly 300 characters."""
    path = folder / "caravan.pdf"
    path.write_bytes(plain_pdf([page(year) for year in range(YEARS)]))
    document, _ = upload(client, path)
    assert document.status == "ready"


def page(year: int) -> str:
    carried = ", ".join(f"the caravan carried {ware}" for ware in WARES[year:] + WARES[:year])
    return "\n".join(textwrap.wrap(f"In year {year} of its journeys {carried}.", 60))
