"""One reading of one PDF in a process of its own: `python -m bench.reading_run ours|peer FILE` prints a JSON object."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.blocks import Heading


def read_ours(path: Path) -> dict[str, object]:
    """Read and split with the product's own code."""
    from ingest.read import read_pages  # noqa: PLC0415 (each side pays for its own imports only)
    from ingest.split import headings_after, split  # noqa: PLC0415

    texts: list[str] = []
    passages: list[str] = []
    above: tuple[Heading, ...] = ()
    for page in read_pages(path):
        texts.append(page.text)
        passages += [page.text[span.start : span.end] for span in split(page.layout, above)]
        above = headings_after(page.layout, above)
    return {"texts": texts, "passages": passages}


def read_peer(path: Path) -> dict[str, object]:
    """Read and split as the tutorial does."""
    from bench.peer import reading as peer  # noqa: PLC0415

    texts = peer.read(path)
    return {"texts": texts, "passages": [passage for text in texts for passage in peer.split(text)]}


if __name__ == "__main__":
    read = {"ours": read_ours, "peer": read_peer}[sys.argv[1]]
    sys.stdout.write(json.dumps(read(Path(sys.argv[2]))))
