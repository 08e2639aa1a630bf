"""From upload to ready on the deployed system, in pages per second, compared with the tutorial's worker.

Both use the same model server and the same OpenSearch. The model server runs on the same processor and takes most of
the time of both. It caches embeddings, so documents that are read again, into another room, show the time of the rest:
as if the model ran elsewhere and answered at once. Each round has its own documents.

Processor time is reported by process: other work on the machine affects it far less than the rates.
"""

import os
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from bench.documents import Language, Style, document, print_pdf
from bench.peer.ingest import Worker
from bench.system import HANDBOOK, connect_as_new_user, deployed_system
from documind.wire import DocumentFrame
from documind_cli.client import Client
from documind_cli.uploading import send_file
from local.system import LocalSystem

ROUNDS = 3  # with the short documents; one with each manual
READING_TIMEOUT_S = 300
ENDED = {"ready", "failed"}
PARTS = ("functions", "aws", "opensearch", "models")
TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
Kinds = tuple[tuple[Language, Style, int], ...]  # language, style, number of chapters of about a page
SHORT: Kinds = (
    ("en", "paper", 18),
    ("zh-TW", "thesis", 10),
    ("ja", "report", 14),
    ("en", "report", 14),
    ("zh-TW", "report", 14),
)
MANUALS: dict[str, Kinds] = {"manual, en": (("en", "report", 240),), "manual, zh-TW": (("zh-TW", "report", 320),)}


def run() -> None:
    """Print the table; rates are medians of the rounds, processor times are means."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        kinds = {"five short ones": [printed(folder, SHORT, seed=number) for number in range(2, 2 + ROUNDS)]}
        kinds |= {name: [printed(folder, manual, seed=2)] for name, manual in MANUALS.items()}
        with deployed_system() as (system, deployed):
            worker = Worker(deployed.models_url, deployed.search_url, "peer")

            def upload(paths: Sequence[Path]) -> None:
                with connect_as_new_user(deployed) as client:
                    upload_all(client, paths)

            upload([HANDBOOK, HANDBOOK.with_name("report-zh-TW.pdf")])
            worker.ingest(HANDBOOK)
            print("| documents | pages | embeddings | pages a second, ours | peer | times", end="")
            print(f" | processor, s: {', '.join(PARTS)} | peer: worker, opensearch, models |")
            print("|---|---|---|---|---|---|---|---|")
            for name, rounds in kinds.items():
                for embeddings in ("made here", "remembered"):
                    compare(system, f"{name} | {{}} | {embeddings}", rounds, worker, upload)


def compare(
    system: LocalSystem,
    label: str,
    rounds: Sequence[Sequence[Path]],
    worker: Worker,
    upload: Callable[[Sequence[Path]], None],
) -> None:
    """Print one row; in each round the peer reads the documents, then ours does."""
    ours, peer = list[float](), list[float]()
    of_ours, of_peer = Counter[str](), Counter[str]()
    for paths in rounds:
        before, started, own_s = processor_ticks(system), time.monotonic(), time.process_time()
        pages = sum(map(worker.ingest, paths))
        peer.append(pages / (time.monotonic() - started))
        between, started = processor_ticks(system), time.monotonic()
        of_peer += between - before + Counter(worker=round((time.process_time() - own_s) * TICKS_A_SECOND))
        upload(paths)
        ours.append(pages / (time.monotonic() - started))
        of_ours += processor_ticks(system) - between
    rates = statistics.median(ours), statistics.median(peer)
    line = f"| {label.format(pages)} | {rates[0]:.1f} | {rates[1]:.1f} | {rates[0] / rates[1]:.1f}"
    for used, parts in ((of_ours, PARTS), (of_peer, ("worker", "opensearch", "models"))):
        line += f" | {', '.join(f'{used[part] / len(rounds) / TICKS_A_SECOND:.1f}' for part in parts)}"
    print(f"{line} |", flush=True)


def printed(folder: Path, kinds: Kinds, *, seed: int) -> list[Path]:
    """Print one document of each kind."""
    paths = []
    for number, (language, style, chapters) in enumerate(kinds):
        paths.append(folder / f"{style}-{language}-{seed}-{number}.pdf")
        print_pdf(document(language, style, chapters=chapters, seed=seed).markup, paths[-1])
    return paths


def upload_all(client: Client, paths: Sequence[Path]) -> None:
    """Upload files into a room without waiting between them; return once all are ready. Raises RuntimeError."""
    client.open("Uploads")
    reading = {send_file(client, path.name, path.read_bytes()).document.document_id for path in paths}
    while reading:
        frame = client.wait_for(DocumentFrame, lambda frame: frame.document.status in ENDED, READING_TIMEOUT_S)
        if frame.document.status == "failed":
            raise RuntimeError(f"{frame.document.name}: {frame.document.reason}")
        reading.discard(frame.document.document_id)


def processor_ticks(system: LocalSystem) -> Counter[str]:
    """Return the processor time of a system's services and functions so far, in clock ticks (Linux only)."""
    found: dict[int, tuple[int, int]] = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # the process has just ended
            columns = path.read_text().rpartition(")")[2].split()  # from field 3 of proc(5) on
            found[int(path.parent.name)] = int(columns[1]), sum(map(int, columns[11:15]))
    services = {child.process.pid: name for name, child in system.children.services.items()}
    used = Counter[str]()
    for pid, (_, ticks) in found.items():
        ancestor = pid
        while ancestor in found and ancestor not in services:
            ancestor = found[ancestor][0]
        if ancestor in services:
            used[services.get(pid, "functions")] += ticks
    return used
