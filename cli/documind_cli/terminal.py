"""The options that all commands share, and from them the connection, the sign-in and the output."""

import inspect
import os
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property, partial, wraps
from pathlib import Path
from typing import Annotated, Any

import typer

from documind.errors import Ending
from documind.languages import Language
from documind_cli import local_run
from documind_cli.client import Client
from documind_cli.output import printable
from documind_cli.sign_in import SignIn, read_config

DONE, FAILED, BAD_USE, NOT_ANSWERED, ENDED_OTHERWISE, INTERRUPTED = 0, 1, 2, 3, 4, 130  # exit statuses
STATUS_OF = dict.fromkeys(Ending, ENDED_OTHERWISE) | {
    Ending.ANSWER: DONE,
    Ending.GREETING: DONE,
    Ending.NO_RESULTS: NOT_ANSWERED,
    Ending.REFUSED: NOT_ANSWERED,
}


class UseError(Exception):
    """The command was called with arguments that cannot work; the message says why."""


@dataclass(frozen=True)
class Terminal:
    """The options that every command takes; None if not given."""

    user: Annotated[str | None, typer.Option("--as", metavar="USER", help="user of the local run (demo)")] = None
    state: Annotated[Path | None, typer.Option(metavar="FOLDER", help="folder of the local run (.state/run)")] = None
    config: Annotated[str | None, typer.Option(metavar="FILE|URL", help="config.json of a deployed stage")] = None
    language: Annotated[Language | None, typer.Option(help="of the server's sentences (that of LANG)")] = None
    json: Annotated[bool | None, typer.Option("--json", help="print each frame as a line of JSON instead")] = None

    def say(self, line: str) -> None:
        """Print a line of the result, unless `--json` prints the frames instead."""
        if not self.json:
            print(printable(line), flush=True)

    def connect(self, renew: bool = False) -> Client:
        """Connect, with a new token if `renew`; raises NotSignedInError, or OSError when the server does not answer."""
        url, access_token = self._tokens
        seen = partial(print, flush=True) if self.json else lambda _: None
        return Client.connect(url, access_token(renew), self.spoken, seen=seen)

    @property
    def spoken(self) -> Language:
        return self.language or ("zh-TW" if os.environ.get("LANG", "").startswith("zh") else "en")

    @property
    def sign_in(self) -> SignIn:
        """The sign-in at the stage of `--config`; raises UseError without that option."""
        if not self.config:
            raise UseError("Name the stage with --config; the local run needs no login.")
        # https://specifications.freedesktop.org/basedir-spec/latest/
        folder = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "documind"
        return SignIn(read_config(self.config), folder)

    @cached_property
    def _tokens(self) -> tuple[str, Callable[[bool], str]]:
        if not self.config:
            return local_run.token_source(self.state or local_run.STATE, self.user)
        sign_in = self.sign_in
        return sign_in.websocket_url, sign_in.access_token


def with_options(options: type, command: Callable[..., int]) -> Callable[..., int]:
    """Return the command with the fields of the dataclass `options` as options in place of its first parameter.

    The options may be given at every command group and at the command; the last value counts. Groups pass them on in
    the context.
    """
    _, *own = inspect.signature(command).parameters.values()
    names = [field.name for field in fields(options)]
    shared = [each.replace(kind=each.KEYWORD_ONLY) for each in inspect.signature(options).parameters.values()]
    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=typer.Context)

    @wraps(command)
    def run(context: typer.Context, **given: Any) -> int:
        chosen = {name: value for name in names if (value := given.pop(name)) is not None}
        context.obj = {**(context.obj or {}), **chosen}
        if context.invoked_subcommand:  # a group only passes its options on
            return DONE
        return command(options(**{name: context.obj[name] for name in names if name in context.obj}), **given)

    parameters = [context, *own, *shared]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined] # what Typer reads
    run.__annotations__ = {each.name: each.annotation for each in parameters}
    return run


with_terminal = partial(with_options, Terminal)
