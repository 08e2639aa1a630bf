"""`documind`: reads the command line, signs in where it says, runs the command, and words what went wrong."""

import os
import sys
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from websockets.exceptions import WebSocketException

from cli import commands
from cli.arguments import parser
from cli.client import Client, RefusedError
from cli.commands import BAD_USE, DONE, FAILED, INTERRUPTED, Terminal, UnreadableError, UseError
from cli.output import tell
from cli.sign_in import NotSignedInError, SignIn, read_config

if TYPE_CHECKING:
    from documind.errors import Language

COMMANDS: dict[str, Callable[[Terminal, Namespace], int]] = {
    "ask": commands.ask,
    "upload": commands.upload_files,
    "rooms": commands.rooms,
    "history": commands.history,
    "delete": commands.delete,
    "export": commands.export_all,
    "account": commands.account,
}


def main(given: list[str]) -> int:
    """Run one command line; return the exit status."""
    arguments = parser().parse_args(given)
    try:
        if arguments.command in {"login", "logout"}:
            return sign_in_or_out(arguments)
        return COMMANDS[arguments.command](terminal_for(arguments), arguments)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # whoever reads the output has had enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except UseError as error:
        tell(f"documind: {error}")
        return BAD_USE
    except RefusedError as error:
        tell(f"documind: {error.frame.message}")
    except TimeoutError:
        tell("documind: No answer came in time.")
    except (UnreadableError, NotSignedInError, ValueError, OSError, WebSocketException) as error:
        tell(f"documind: {error}")
    return FAILED


def sign_in_or_out(arguments: Namespace) -> int:
    if not arguments.config:
        raise UseError("Name the stage with --config; the local run needs no login.")
    sign_in = SignIn(read_config(arguments.config), tokens_folder())
    if arguments.command == "login":
        sign_in.login(tell)
    else:
        sign_in.logout()
    return DONE


def terminal_for(arguments: Namespace) -> Terminal:
    """Find out where to connect and as whom; nothing is connected yet."""
    language: Language = arguments.language or ("zh-TW" if os.environ.get("LANG", "").startswith("zh") else "en")
    if arguments.config:
        config = read_config(arguments.config)
        access_token: Callable[[bool], str]
        url, access_token = config["websocket_url"], SignIn(config, tokens_folder()).access_token
    else:
        from cli import local_run  # noqa: PLC0415 - a deployed stage needs nothing of the local run

        url, access_token = local_run.token_source(arguments.state or local_run.STATE, arguments.user)

    def print_frame(text: str) -> None:
        if arguments.json:
            print(text, flush=True)

    def connect(renew: bool) -> Client:
        return Client(url, access_token(renew), language, seen=print_frame)

    return Terminal(connect, language, arguments.json)


def tokens_folder() -> Path:
    """Where tokens are kept, by the XDG rule: https://specifications.freedesktop.org/basedir-spec/latest/"""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "documind"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
