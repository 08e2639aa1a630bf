"""The command line: its commands, their options, and what `--help` says."""

import argparse
from pathlib import Path

EPILOG = """\
examples:
  documind ask --pdf handbook.pdf --room Library --as ann "Who founded the library?"
  documind ask --room 圖書館 --json "誰創立了圖書館？" | grep '"ending"'
  documind rooms share Library bob --role reader
  documind login --config https://documind.example/config.json

where it connects:
  without --config, to the run of this machine (`make run`; --state names another state folder), as the user --as,
  who is made when new; with --config, to a deployed stage, as whoever signed in with `documind login`.

exit status:
  0 done, or the question was answered   3 nothing was found, or the documents do not answer the question
  4 the question ended otherwise (stopped, over budget, error, timeout)
  1 something failed: not signed in, not reachable, refused, not a readable PDF   2 bad use   130 Ctrl-C
"""


def parser() -> argparse.ArgumentParser:
    """Return the parser; what it finds has `command`, and `action` where a command has several."""
    common = argparse.ArgumentParser(add_help=False, argument_default=argparse.SUPPRESS)  # so given anywhere, kept
    common.add_argument("--as", dest="user", metavar="USER", help="user of the local run (demo)")
    common.add_argument("--state", type=Path, metavar="FOLDER", help="state folder of the local run (.state/run)")
    common.add_argument("--config", metavar="FILE|URL", help="config.json of a deployed stage")
    common.add_argument("--language", choices=("en", "zh-TW"), help="of the server's sentences (that of LANG)")
    common.add_argument(
        "--json",
        action="store_true",
        default=argparse.SUPPRESS,
        help="print each received frame as a line of JSON instead",
    )
    top = argparse.ArgumentParser(
        prog="documind",
        description="Chat with your PDFs.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.set_defaults(user="demo", state=None, config=None, language=None, json=False, action=None)
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(name: str, text: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, help=text, description=text, parents=[common])

    ask = command("ask", "ask a question in a room; the answer, then the pages it stands on")
    ask.add_argument("question")
    ask.add_argument("--room", required=True, metavar="NAME", help="made when it is new")
    ask.add_argument("--pdf", type=Path, action="append", default=[], metavar="FILE", help="upload it first")
    upload = command("upload", "upload PDFs into a room and wait until they are read")
    upload.add_argument("--room", required=True, metavar="NAME")
    upload.add_argument("files", type=Path, nargs="+", metavar="FILE")
    history = command("history", "print the conversation of a room")
    history.add_argument("room")
    delete = command("delete", "erase a room with all that is in it; print the receipt")
    delete.add_argument("room")
    delete.add_argument("--yes", action="store_true", help="do not ask")
    export = command("export", "write everything of yours into a folder: documind.json and the PDFs")
    export.add_argument("folder", type=Path)
    account = command("account", "erase the account")
    account.add_argument("action", choices=("delete",))
    account.add_argument("name", help="your login name, as confirmation")
    command("login", "sign in at a deployed stage, in the browser")
    command("logout", "forget the sign-in")
    _add_rooms(command("rooms", "list your rooms, or share, join, rename and leave them"), common)
    return top


def _add_rooms(rooms: argparse.ArgumentParser, common: argparse.ArgumentParser) -> None:
    actions = rooms.add_subparsers(dest="action", metavar="ACTION")

    def action(name: str, text: str, *arguments: str) -> argparse.ArgumentParser:
        found = actions.add_parser(name, help=text, description=text, parents=[common])
        for argument in arguments:
            found.add_argument(argument)
        return found

    for each in (
        action("share", "make a user a member, or change the role", "room", "name"),
        action("invite", "print the token of an invitation", "room"),
    ):
        each.add_argument("--role", choices=("writer", "reader"), default="writer")
    action("join", "become a member by the token of an invitation", "token")
    action("rename", "give a room another name", "room", "new_name")
    action("unshare", "remove a member", "room", "name")
    action("leave", "leave a room for good", "room")
