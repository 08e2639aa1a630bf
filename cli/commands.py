"""What each command does; each returns its exit status."""

import json
import signal
import sys
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.answering import Question
from cli.client import Client
from cli.export import export, pages_of_history, rooms_of
from cli.output import Progress, ShownAnswer, citation_lines, failure_of, printable, tell
from cli.room import Room
from cli.uploading import upload
from documind.errors import Ending, Language
from documind.ids import new_random_id, normalised_name
from documind.wire import (
    AccountDelete,
    Closed,
    Document,
    Invitation,
    Members,
    Opened,
    Receipt,
    ReceiptFrame,
    RoomChanged,
    RoomDelete,
    RoomInvite,
    RoomJoin,
    RoomRename,
    RoomUnshare,
)

DONE, FAILED, BAD_USE, NOT_ANSWERED, ENDED_OTHERWISE, INTERRUPTED = 0, 1, 2, 3, 4, 130
ERASURE_TIMEOUT_S = 300.0  # it waits for its turn among the PDFs that are being read
STATUS_OF = {Ending.ANSWER: DONE, Ending.NO_RESULTS: NOT_ANSWERED, Ending.REFUSED: NOT_ANSWERED}


class UnreadableError(Exception):
    """A PDF was uploaded and could not be read; the message says why, and what to do."""


class UseError(Exception):
    """The command was used in a way that cannot work; the message says why."""


@dataclass(frozen=True)
class Terminal:
    """What a command needs besides its arguments: how to connect, and what its output may look like."""

    connect: Callable[[bool], Client]  # with a renewed token or not
    language: Language
    is_json: bool

    def say(self, line: str) -> None:
        """Print a line of the result, unless frames are printed instead."""
        if not self.is_json:
            print(printable(line), flush=True)


def ask(terminal: Terminal, arguments: Namespace) -> int:
    require_files(arguments.pdf)
    with Room(terminal.connect, arguments.room) as room:
        uploaded = upload_all(terminal, room, arguments.pdf)
        shown = ShownAnswer(sys.stdout, live=sys.stdout.isatty() and not terminal.is_json)
        with interrupts_noticed() as was_interrupted:
            try:
                message = Question(room, arguments.question, shown.show).follow(was_interrupted)
            except BaseException:
                shown.finish_line()
                raise
        if not terminal.is_json:
            shown.end(message.text)
            names = {document.document_id: document.name for document in [*room.opened.documents, *uploaded]}
            for number, line in enumerate(citation_lines(message, names)):
                terminal.say(line if number else f"\n{line}")
    if was_interrupted():
        return INTERRUPTED
    return STATUS_OF.get(message.ending or Ending.ERROR, ENDED_OTHERWISE)


@contextmanager
def interrupts_noticed() -> Iterator[Callable[[], bool]]:
    """Take note of the first Ctrl-C, in what is given; the second one ends the program at once."""
    noticed = False

    def note(_number: int, _frame: object) -> None:
        nonlocal noticed
        noticed = True
        signal.signal(signal.SIGINT, signal.default_int_handler)

    before = signal.signal(signal.SIGINT, note)
    try:
        yield lambda: noticed
    finally:
        signal.signal(signal.SIGINT, before)


def upload_files(terminal: Terminal, arguments: Namespace) -> int:
    require_files(arguments.files)
    with Room(terminal.connect, arguments.room) as room:
        upload_all(terminal, room, arguments.files)
    return DONE


def upload_all(terminal: Terminal, room: Room, paths: list[Path]) -> list[Document]:
    """Upload files one after the other and return their documents; raises UnreadableError at the first that fails."""
    documents = []
    for path in paths:
        progress = Progress(sys.stderr)
        try:
            document, was_there = upload(room, path, progress.show)
        finally:
            progress.clear()
        if document.status == "failed":
            raise UnreadableError(failure_of(document, terminal.language))
        what = "already in the room" if was_there else "ready"
        tell(f"{document.name}: {what} ({document.pages_total} pages)")
        documents.append(document)
    return documents


def require_files(paths: list[Path]) -> None:
    if missing := [str(path) for path in paths if not path.is_file()]:
        raise UseError(f"There is no file {', '.join(missing)}.")


def rooms(terminal: Terminal, arguments: Namespace) -> int:
    with terminal.connect(False) as client:
        if arguments.action:
            ROOM_ACTIONS[arguments.action](terminal, client, arguments)
            return DONE
        for room in rooms_of(client):
            terminal.say(f"{room.name}  ({room.role})")
    return DONE


def share(terminal: Terminal, client: Client, arguments: Namespace) -> None:
    chat_id = open_existing(client, arguments.room).chat_id
    frame = RoomInvite(request_id=new_random_id(), chat_id=chat_id, role=arguments.role, name=arguments.name)
    show_members(terminal, client.request(frame, Members))


def invite(terminal: Terminal, client: Client, arguments: Namespace) -> None:
    chat_id = open_existing(client, arguments.room).chat_id
    found = client.request(RoomInvite(request_id=new_random_id(), chat_id=chat_id, role=arguments.role), Invitation)
    terminal.say(found.token)
    tell(f"Good for a {found.role} until {time.strftime('%Y-%m-%d %H:%M', time.localtime(found.expires_at))}.")


def join(terminal: Terminal, client: Client, arguments: Namespace) -> None:
    room = client.request(RoomJoin(request_id=new_random_id(), token=arguments.token), RoomChanged).room
    terminal.say(f"{room.name}  ({room.role})")


def rename(terminal: Terminal, client: Client, arguments: Namespace) -> None:
    chat_id = open_existing(client, arguments.room).chat_id
    frame = RoomRename(request_id=new_random_id(), chat_id=chat_id, name=arguments.new_name)
    terminal.say(client.request(frame, RoomChanged).room.name)


def unshare(terminal: Terminal, client: Client, arguments: Namespace) -> None:
    opened = open_existing(client, arguments.room)
    user_id = next((member.user_id for member in opened.members if member.name == arguments.name), None)
    if user_id is None:
        raise UseError(f"{arguments.name} is not a member of {arguments.room}.")
    frame = RoomUnshare(request_id=new_random_id(), chat_id=opened.chat_id, user_id=user_id)
    show_members(terminal, client.request(frame, Members))


def leave(_terminal: Terminal, client: Client, arguments: Namespace) -> None:
    opened = open_existing(client, arguments.room)
    frame = RoomUnshare(request_id=new_random_id(), chat_id=opened.chat_id, user_id=opened.user.user_id)
    client.request(frame, Closed)


ROOM_ACTIONS = {
    "share": share,
    "invite": invite,
    "join": join,
    "rename": rename,
    "unshare": unshare,
    "leave": leave,
}


def show_members(terminal: Terminal, members: Members) -> None:
    for member in members.members:
        terminal.say(f"{member.name}  ({member.role})")


def open_existing(client: Client, name: str) -> Opened:
    """Open a room of the user's by its name, which is not made when there is none."""
    wanted = normalised_name(name)
    found = [room.chat_id for room in rooms_of(client) if normalised_name(room.name) == wanted]
    if len(found) != 1:
        raise UseError(f"You have {'more than one' if found else 'no'} room named {name}.")
    return client.open(chat_id=found[0])


def history(terminal: Terminal, arguments: Namespace) -> int:
    with terminal.connect(False) as client:
        opened = open_existing(client, arguments.room)
        names = {document.document_id: document.name for document in opened.documents}
        for page in reversed(list(pages_of_history(client, opened.chat_id))):
            for message in page:
                terminal.say(f"> {message.text}  ({message.sender})" if message.sender else message.text)
                for line in citation_lines(message, names):
                    terminal.say(line)
                terminal.say("")
    return DONE


def delete(terminal: Terminal, arguments: Namespace) -> int:
    with terminal.connect(False) as client:
        opened = open_existing(client, arguments.room)
        if not arguments.yes and not confirmed(f"Erase {opened.name} with all documents and messages? [y/N] "):
            return FAILED
        frame = RoomDelete(request_id=new_random_id(), chat_id=opened.chat_id)
        receipt_id = client.request(frame, ReceiptFrame).receipt.receipt_id
        tell("The room is closed; its content is being erased ...")
        done = client.wait_for(ReceiptFrame, lambda found: is_done(found.receipt, receipt_id), ERASURE_TIMEOUT_S)
        show_receipt(terminal, done.receipt)
    return DONE


def is_done(receipt: Receipt, receipt_id: str) -> bool:
    return receipt.receipt_id == receipt_id and receipt.erased_at is not None


def confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise UseError("Nobody can be asked here: confirm with --yes.")
    return input(question).strip().lower() in {"y", "yes"}


def account(terminal: Terminal, arguments: Namespace) -> int:
    with terminal.connect(False) as client:
        frame = AccountDelete(request_id=new_random_id(), name=arguments.name)
        show_receipt(terminal, client.request(frame, ReceiptFrame).receipt)
    return DONE


def show_receipt(terminal: Terminal, receipt: Receipt) -> None:
    terminal.say(json.dumps(receipt.model_dump(mode="json"), ensure_ascii=False, indent=1))


def export_all(terminal: Terminal, arguments: Namespace) -> int:
    with terminal.connect(False) as client:
        count = export(client, arguments.folder)
    tell(f"{count} rooms written to {arguments.folder}.")
    return DONE
