"""Exports all rooms of the user into a folder: one JSON file, and the PDFs of each room."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import urllib3

from documind import wire
from documind.ids import new_random_id
from documind_cli.client import REPLY_TIMEOUT_S, Client


def rooms_of(client: Client) -> list[wire.Room]:
    """Return all rooms of the user; follows the pagination."""
    found: list[wire.Room] = []
    after: str | None = ""
    while after is not None:
        page = client.request(wire.RoomList(request_id=new_random_id(), after=after), wire.Rooms)
        found += page.rooms
        after = page.next
    return found


def pages_of_history(client: Client, chat_id: str) -> Iterator[list[wire.Message]]:
    """Yield the messages of the room that has just been opened, the newest page first; each page ascends."""
    page = client.wait_for(wire.HistoryFrame, lambda found: found.chat_id == chat_id)
    yield page.messages
    while page.next is not None:
        older = wire.History(request_id=new_random_id(), chat_id=chat_id, before=page.next)
        page = client.request(older, wire.HistoryFrame)
        yield page.messages


def export(client: Client, folder: Path) -> int:
    """Write `documind.json` and `ROOM/DOCUMENT.pdf` into a folder; return the number of rooms.

    Raises OSError when a PDF cannot be fetched or a file cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    rooms = [_export_room(client, room, folder) for room in rooms_of(client)]
    content = json.dumps({"rooms": rooms}, ensure_ascii=False, indent=1)
    (folder / "documind.json").write_text(content, encoding="utf-8")
    return len(rooms)


def _export_room(client: Client, room: wire.Room, folder: Path) -> dict[str, Any]:
    opened = client.open(chat_id=room.chat_id)
    messages = [message for page in reversed(list(pages_of_history(client, room.chat_id))) for message in page]
    # Documents and members that did not fit `opened` were posted in separate frames before the first `history`.
    beside = [frame.document for frame in client.take_kept(wire.DocumentFrame) if frame.chat_id == room.chat_id]
    found = {document.document_id: document for document in [*opened.documents, *beside]}
    members = [frame.members for frame in client.take_kept(wire.Members) if frame.chat_id == room.chat_id]
    documents = []
    for document in found.values():
        file = f"{room.chat_id}/{document.document_id}.pdf"  # their names are not unique, nor safe as paths
        if document.status == "ready":
            _fetch(client, room, document, folder / file)
        documents.append(document.model_dump(mode="json") | ({"file": file} if document.status == "ready" else {}))
    return {
        **room.model_dump(mode="json"),
        "members": [member.model_dump(mode="json") for member in (members or [opened.members])[-1]],
        "documents": documents,
        "messages": [message.model_dump(mode="json") for message in messages],
    }


def _fetch(client: Client, room: wire.Room, document: wire.Document, path: Path) -> None:
    asked = wire.DocumentView(request_id=new_random_id(), chat_id=room.chat_id, document_id=document.document_id)
    url = client.request(asked, wire.View).url
    path.parent.mkdir(exist_ok=True)
    try:
        with (
            path.open("wb") as file,
            urllib3.request("GET", url, preload_content=False, timeout=REPLY_TIMEOUT_S, retries=False) as answer,
        ):
            if answer.status != 200:  # noqa: PLR2004 - OK
                raise OSError(f"{document.name} cannot be fetched ({answer.status})")
            shutil.copyfileobj(answer, file)
    except urllib3.exceptions.HTTPError as error:
        raise OSError(f"{document.name} cannot be fetched: {error}") from error
