"""The commands of `documind` and their help; each returns its exit status."""

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Literal

import typer

from documind import wire
from documind.errors import Ending
from documind.ids import new_random_id
from documind_cli import rooms
from documind_cli.admin import commands as admin
from documind_cli.answering import Question
from documind_cli.client import RefusedError
from documind_cli.output import (
    Progress,
    ShownAnswer,
    citation_lines,
    failure_of,
    pages_of,
    sentence_of,
    tell,
)
from documind_cli.room import Room
from documind_cli.terminal import DONE, FAILED, INTERRUPTED, STATUS_OF, Terminal, UseError, with_terminal
from documind_cli.uploading import upload

EPILOG = """\
\b
examples:
  documind ask --pdf handbook.pdf --room Library --as ann "Who founded the library?"
  documind ask --room 圖書館 --json "誰創立了圖書館？" | grep '"ending"'
  documind rooms share Library bob --role reader
  documind login --config https://documind.example/config.json

\b
where it connects:
  without --config, to the run of this machine (`make run`; --state names another state folder), as the user of --as,
  who is created if new; with --config, to a deployed stage, as the user who signed in with `documind login`.

\b
exit status:
  0 done, or the question was answered   3 nothing was found, or the documents do not answer the question
  4 the question ended otherwise (stopped, over budget, error, timeout)
  1 something failed: not signed in, not reachable, refused, not a readable PDF   2 bad use   130 Ctrl-C
"""

RoomOption = Annotated[str, typer.Option("--room", metavar="NAME", help="or id of a room you can see; created if new")]
PdfOption = Annotated[
    list[Path] | None, typer.Option(metavar="FILE", exists=True, dir_okay=False, help="upload it first")
]
Files = Annotated[list[Path], typer.Argument(metavar="FILE...", exists=True, dir_okay=False)]

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, epilog=EPILOG)
app.add_typer(rooms.app, name="rooms")
app.add_typer(admin.app, name="admin")


@app.callback()
@with_terminal
def documind(terminal: Terminal) -> int:  # noqa: ARG001 - takes the options given before the command
    """Chat with your PDFs."""
    return DONE


@app.command()
@with_terminal
def ask(terminal: Terminal, question: str, name: RoomOption, pdf: PdfOption = None) -> int:
    """Ask a question in a room. Prints the answer, then the cited pages."""
    if not question.strip():  # before the room is created
        raise UseError("The question must not be blank.")
    with opened_room(terminal, name) as room:
        before = room.client.documents(room.opened)
        uploaded = upload_all(terminal, room, pdf or [])
        if len(uploaded) < len(pdf or []):
            return FAILED
        shown = ShownAnswer(sys.stdout, live=sys.stdout.isatty() and not terminal.json)
        with interrupts_noticed() as was_interrupted:
            try:
                message = Question(room, question, shown.show).follow(was_interrupted)
            except BaseException:
                shown.finish_line()
                raise
        if not terminal.json:
            shown.end(message.text)
            names = {each.document_id: each.name for each in [*before, *uploaded]}
            for number, line in enumerate(citation_lines(message, names)):
                terminal.say(line if number else f"\n{line}")
    return INTERRUPTED if was_interrupted() else STATUS_OF[message.ending or Ending.ERROR]


def opened_room(terminal: Terminal, name: str) -> Room:
    """Open the room of this name or id, or create it; tell whose it is if somebody else shares it."""
    room = Room(terminal.connect, name)
    if room.opened.role != "owner":
        owner = next((member.name for member in room.opened.members if member.role == "owner"), "")
        tell(f"{room.opened.name} is a room of {owner}, which is shared with you.")
    return room


@contextmanager
def interrupts_noticed() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether Ctrl-C was pressed; a second Ctrl-C ends the program at once."""
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


@app.command("upload")
@with_terminal
def upload_files(terminal: Terminal, files: Files, name: RoomOption) -> int:
    """Upload PDFs into a room and wait until they are read. If one fails, the others are uploaded all the same."""
    with opened_room(terminal, name) as room:
        return DONE if len(upload_all(terminal, room, files)) == len(files) else FAILED


def upload_all(terminal: Terminal, room: Room, paths: list[Path]) -> list[wire.Document]:
    """Upload files one after the other, print the result of each, and return the documents that are ready."""
    documents = []
    for path in paths:
        progress = Progress(sys.stderr)
        try:
            document, was_there = upload(room, path, progress.show)
        except (RefusedError, OSError) as error:
            progress.clear()
            tell(f"documind: {path}: {sentence_of(error)}")
            continue
        progress.clear()
        if document.status == "failed":
            tell(f"documind: {path}: {failure_of(document, terminal.spoken)}")
            continue
        what = "already in the room" if was_there else "ready"
        tell(f"{document.name}: {what} ({pages_of(document)})")
        documents.append(document)
    return documents


@app.command()
@with_terminal
def documents(terminal: Terminal, room: str) -> int:
    """Print the documents of a room: what each is about, and questions that it answers."""
    with rooms.existing(terminal, room) as (client, opened):
        for document in client.documents(opened):
            status = document.status.replace("_", " ")
            detail = failure_of(document, terminal.spoken) if status == "failed" else pages_of(document)
            terminal.say(f"{document.name}: {status} ({detail})")
            for line in [*(document.summary or "").splitlines(), *document.questions]:
                terminal.say(f"  {line}")
    return DONE


@app.command()
@with_terminal
def history(terminal: Terminal, room: str) -> int:
    """Print the conversation of a room."""
    with rooms.existing(terminal, room) as (client, opened):
        names = {document.document_id: document.name for document in client.documents(opened)}
        for page in reversed(list(client.pages_of_history(opened.chat_id))):
            for message in page:
                terminal.say(f"> {message.text}  ({message.sender})" if message.sender else message.text)
                for line in citation_lines(message, names):
                    terminal.say(line)
                terminal.say("")
    return DONE


@app.command()
@with_terminal
def delete(
    terminal: Terminal, room: str, yes: Annotated[bool, typer.Option("--yes", help="do not ask")] = False
) -> int:
    """Erase a room with all that is in it; print the receipt."""
    with rooms.existing(terminal, room) as (client, opened):
        if not yes and not confirmed(f"Erase {opened.name} with all documents and messages?"):
            return FAILED
        frame = wire.RoomDelete(request_id=new_random_id(), chat_id=opened.chat_id)
        tell("The room is closed, and its content is being erased ...")
        return show_receipt(terminal, client.erase(frame))


def confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        raise UseError("Nobody can be asked here: confirm with --yes.")
    return input(f"{question} [y/N] ").strip().lower() in {"y", "yes"}


def show_receipt(terminal: Terminal, receipt: wire.Receipt) -> int:
    terminal.say(json.dumps(receipt.model_dump(mode="json"), ensure_ascii=False, indent=1))
    return DONE


@app.command()
@with_terminal
def account(
    terminal: Terminal,
    action: Literal["delete"],  # noqa: ARG001 - required, so that nobody erases an account by a name alone
    name: Annotated[str, typer.Argument(help="your login name, as confirmation")],
) -> int:
    """Erase the account with all its rooms; print the receipt."""
    with terminal.connect() as client:
        frame = wire.AccountDelete(request_id=new_random_id(), name=name)
        return show_receipt(terminal, client.erase(frame))


@app.command()
@with_terminal
def login(terminal: Terminal) -> int:
    """Sign in at a deployed stage, in the browser."""
    terminal.sign_in.login(tell)
    return DONE


@app.command()
@with_terminal
def logout(terminal: Terminal) -> int:
    """Forget the sign-in."""
    terminal.sign_in.logout()
    return DONE
