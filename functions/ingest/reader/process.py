"""The process that reads PDFs, each in a forked child: a hostile file can end its child, but not the function.

`python -m ingest.reader.process` imports what reading needs, and then forks a child for each request on the socket that
is its standard input: `{"path": ..., "first": n, "lost": [...], "pictures": bool}`, sent with the file descriptor that
the child writes to. When the child has ended, its exit status is sent back; when the socket is closed, the process
ends.

A child writes JSON, one object per line: `{"pages": n}` once; `{"reading": n}` before work on page n; and for each page
from `first` on `{"page": n, ...}` with text, lines, places and blocks, or with `"loss"`, the reason why there is no
text, and perhaps a `"picture"`. `{"failure": code}` ends the reading.
Pages are counted from 1; the pages `lost` killed an earlier child and are not loaded. A page that takes too much time
or memory kills the child, by a signal or by an exception.
"""

import gc
import json
import os
import resource
import socket
from collections.abc import Iterator
from pathlib import Path

from documind.errors import UnreadableDocumentError
from ingest.reader.document_pages import DocumentPages

MAX_REQUEST_BYTES = 65_536
MEMORY_BYTES = 800 * 1024 * 1024  # address space; a plain 250-page manual takes a tenth of it
PAGE_CPU_S = 10  # of processor time; a dense page takes 0.02 s
ENCODER = json.JSONEncoder(separators=(",", ":"))


def read(path: Path, first: int, lost: frozenset[int], *, pictures: bool) -> Iterator[dict[str, object]]:
    """Yield the records for the PDF at `path`."""
    try:
        document = DocumentPages(path, lost, pictures=pictures)
    except UnreadableDocumentError as error:
        yield {"failure": error.code}
        return
    yield {"pages": document.total}
    for event in document.read(first):
        _allow(PAGE_CPU_S)
        yield event


def _allow(cpu_s: int) -> None:
    """Let the process use `cpu_s` seconds of processor time from now on; more kills it."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    until = int(used.ru_utime + used.ru_stime) + cpu_s
    resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))


def _write_pages(output: int, path: str, first: int, lost: list[int], *, pictures: bool) -> None:
    """Read a PDF under resource limits, and write its records to the file descriptor `output`."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _allow(PAGE_CPU_S)
    with open(output, "w", encoding="ascii") as stream:
        for record in read(Path(path), first, frozenset(lost), pictures=pictures):
            stream.write(ENCODER.encode(record) + "\n")
            if "page" not in record:  # a page is flushed together with the "reading" record after it
                stream.flush()


def _child(requests: socket.socket, output: int, request: bytes) -> None:
    """Serve one request and end this process, also after an exception."""
    status = 1
    try:
        requests.close()
        _write_pages(output, **json.loads(request))
        status = 0
    finally:
        os._exit(status)


def main() -> None:
    """Serve requests until there are no more."""
    gc.disable()  # reading creates no reference cycles, and a child lives for one document
    with socket.socket(fileno=0) as requests:
        while True:
            request, outputs, _, _ = socket.recv_fds(requests, MAX_REQUEST_BYTES, 1)
            if not request:
                return
            process_id = os.fork()
            if not process_id:
                _child(requests, outputs[0], request)
            os.close(outputs[0])
            _, status = os.waitpid(process_id, 0)
            requests.send(b"%d" % os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    main()
