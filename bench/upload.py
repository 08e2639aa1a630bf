"""From upload to ready on the deployed system, in pages a second, beside the tutorial's worker.

Both use the same model server and the same OpenSearch. That server has no processor of its own here: it takes most of
the time of either. It remembers texts, so documents that are read once more, into another room, show what the
rest takes: as if the model were elsewhere and answered at once. Each round has documents of its own.
"""

import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from bench.documents import Language, Style, document, print_pdf
from bench.peer.ingest import Worker
from bench.system import HANDBOOK, connect_as_new_user, deployed_system
from documind.wire import DocumentFrame
from documind_cli.client import Client
from documind_cli.uploading import send_file

ROUNDS = 3  # of the short ones; one of each manual
READING_TIMEOUT_S = 300
ENDED = {"ready", "failed"}
Kinds = tuple[tuple[Language, Style, int], ...]  # the last one: chapters, each about a page
SHORT: Kinds = (
    ("en", "paper", 18),
    ("zh-TW", "thesis", 10),
    ("ja", "report", 14),
    ("en", "report", 14),
    ("zh-TW", "report", 14),
)
MANUALS: dict[str, Kinds] = {"manual, en": (("en", "report", 220),), "manual, zh-TW": (("zh-TW", "report", 220),)}


def run() -> None:
    """Print the table; medians of the rounds."""
    print("| documents | pages | embeddings | upload to ready, pages/s | peer, pages/s | times |")
    print("|---|---|---|---|---|---|")
    with deployed_system() as (_, deployed), tempfile.TemporaryDirectory() as folder:
        client = connect_as_new_user(deployed)
        worker = Worker(deployed.models_url, deployed.search_url, "peer")
        upload_all(client, "Warm", [HANDBOOK, HANDBOOK.with_name("report-zh-TW.pdf")])
        worker.ingest(HANDBOOK)
        for name, kinds in {"five short ones": SHORT, **MANUALS}.items():
            count = ROUNDS if kinds is SHORT else 1
            rounds = [printed(Path(folder), kinds, seed=number + 2) for number in range(count)]
            for embeddings in ("made here", "remembered"):
                ours, peer = [], []
                for number, paths in enumerate(rounds):
                    started = time.monotonic()
                    pages = sum(map(worker.ingest, paths))
                    peer.append(pages / (time.monotonic() - started))
                    started = time.monotonic()
                    upload_all(client, f"{name} {number} {embeddings}", paths)
                    ours.append(pages / (time.monotonic() - started))
                rates = statistics.median(ours), statistics.median(peer)
                compared = f"{rates[0]:.1f} | {rates[1]:.1f} | {rates[0] / rates[1]:.1f}"
                print(f"| {name} | {pages} | {embeddings} | {compared} |", flush=True)
        client.close()


def printed(folder: Path, kinds: Kinds, *, seed: int) -> list[Path]:
    """Print one document of each kind."""
    paths = []
    for number, (language, style, chapters) in enumerate(kinds):
        paths.append(folder / f"{style}-{language}-{seed}-{number}.pdf")
        print_pdf(document(language, style, chapters=chapters, seed=seed).markup, paths[-1])
    return paths


def upload_all(client: Client, room: str, paths: Sequence[Path]) -> None:
    """Upload files into a new room, one after the other without waiting for any, and return once all are ready."""
    client.open(room)
    reading = {send_file(client, path.name, path.read_bytes()).document.document_id for path in paths}
    while reading:
        frame = client.wait_for(DocumentFrame, lambda frame: frame.document.status in ENDED, READING_TIMEOUT_S)
        if frame.document.status == "failed":
            raise RuntimeError(f"{frame.document.name}: {frame.document.reason}")
        reading.discard(frame.document.document_id)
