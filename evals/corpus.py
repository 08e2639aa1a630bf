"""Indexes the documents of a set with the product's own reading, splitting and embedding."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from documind.clients.models import EMBEDDING_BATCH, Models
from documind.clients.search import RoomScope, SearchIndex
from documind.clients.vectors import chunk_vectors
from documind.stores.documents import StoredDocument
from evals.questions import BadSetError, GoldenQuestion
from evals.text_pdf import text_pdf
from ingest.index import wait_until_found
from ingest.reader.read import read_pages
from ingest.reading import chunks_of

Rooms = Mapping[str, tuple[str, ...]]  # the documents of each room, by their names


def rooms_of(questions: Iterable[GoldenQuestion]) -> dict[str, tuple[str, ...]]:
    """Return the documents of each room: those that its questions name."""
    rooms: dict[str, set[str]] = {}
    for question in questions:
        rooms.setdefault(question.room, set()).update([question.doc] if question.doc else [])
    return {room: tuple(sorted(documents)) for room, documents in rooms.items()}


def pdfs_of(folder: Path, names: Iterable[str], made: Path) -> dict[str, Path]:
    """Return the PDF of each named document: NAME.pdf of the folder, or one made from NAME.txt in the folder `made`.

    Raises BadSetError that names the first documents without either file.
    """
    wanted = {name: name.removesuffix(".pdf") for name in sorted(set(names))}
    missing = [
        stem for stem in wanted.values() if not any((folder / f"{stem}.{end}").exists() for end in ("pdf", "txt"))
    ]
    if missing:
        raise BadSetError(f"{folder} lacks {', '.join(missing[:5])}{' and others' if len(missing) > 5 else ''}")  # noqa: PLR2004
    return {name: _pdf(folder, stem, made) for name, stem in wanted.items()}


def _pdf(folder: Path, stem: str, made: Path) -> Path:
    path = folder / f"{stem}.pdf"
    if path.exists():
        return path
    target = made / f"{stem}.pdf"
    target.write_bytes(text_pdf((folder / f"{stem}.txt").read_text("utf-8")))
    return target


def index_rooms(search: SearchIndex, models: Models, rooms: Rooms, documents: Mapping[str, Path]) -> None:
    """Write the chunks of every room's documents, and return when a search finds all of them."""
    pages = {name: list(read_pages(path)) for name, path in documents.items()}
    search.ensure()
    for room, names in rooms.items():
        for document in (stored(room, name) for name in names):
            chunks = [chunk for page in pages[document.name] for chunk in chunks_of(document, page)]
            for first in range(0, len(chunks), EMBEDDING_BATCH):
                batch = chunks[first : first + EMBEDDING_BATCH]
                vectors = chunk_vectors(models.embed, [chunk.text for chunk in batch])
                search.write([replace(chunk, ingest_id=document.run) for chunk in batch], vectors)
            wait_until_found(search, scope_of(room, [document.name]), len(chunks))


def scope_of(room: str, names: Iterable[str]) -> RoomScope:
    """Return the scope of a room with these documents."""
    return RoomScope(room, tuple(stored(room, name).run for name in names))


def stored(room: str, name: str) -> StoredDocument:
    """Return a document in the state in which its only run reads it."""
    return StoredDocument(
        chat_id=room,
        document_id=name,
        run_id=f"{room}/{name}",
        name=name,
        status="reading",
        size_bytes=1,
        sha256="",
    )
