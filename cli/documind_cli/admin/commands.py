"""The commands of `documind admin`; each returns its exit status."""

import getpass
import secrets
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from documind_cli.admin import doctor as checks
from documind_cli.admin.redrive import redrive as moved_back
from documind_cli.admin.reindex import reindex as read_again
from documind_cli.admin.remains import remains
from documind_cli.admin.restore import restore as put_back
from documind_cli.admin.smoke import smoke as used_once
from documind_cli.admin.stage import LOCAL, Account, Stage, StageError, default_stack, deployed
from documind_cli.output import printable, tell
from documind_cli.terminal import DONE, FAILED, UseError, with_options

SAMPLE = Path(__file__).resolve().parents[3] / "local" / "samples" / "welcome-en.pdf"
QUESTION = "What can DocuMind do with my PDFs?"

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Operate a stage.")


@dataclass(frozen=True)
class Target:
    """The options that say which stage a command is for."""

    stage: Annotated[Literal["local", "dev", "prod"], typer.Option(metavar="NAME", help="local, dev or prod")] = "dev"
    stack: Annotated[str | None, typer.Option(metavar="NAME", help="of a second stack of the stage")] = None
    state: Annotated[Path | None, typer.Option(metavar="FOLDER", help="folder of the local run (.state/run)")] = None

    def deployed(self) -> Stage:
        """Return the deployed stage; raises StageError when it does not exist or cannot be used."""
        return deployed(self.stage, self.stack, self.state)


with_target = partial(with_options, Target)


@app.command()
@with_target
def doctor(
    target: Target,
    before: Annotated[bool, typer.Option("--before", help="ask the account, before a deployment")] = False,
) -> int:
    """Check a stage; print one line for each finding, with its remedy. Exit status 1 if there is a fault."""
    if before:
        return _show([] if target.stage == LOCAL else checks.before(Account()))
    at = target.deployed()
    status = _show(checks.after(at))
    tell(f"next: {at.typed('invite NAME --email ADDRESS' if status == DONE else 'doctor')}")
    return status


@app.command()
@with_target
def key(
    target: Target,
    embedding: Annotated[bool, typer.Option("--embedding", help="that of the embedding model's own address")] = False,
) -> int:
    """Store the model's key and try it. It is read from standard input, or asked for on a terminal."""
    at = target.deployed()
    parameter = at.outputs.get("EmbeddingKeyParameter" if embedding else "ModelKeyParameter")
    if not parameter:
        raise UseError(
            "This stage has no use for that key: Bedrock needs none, and embeddings have one at an own address only."
        )
    given = getpass.getpass("Key: ") if sys.stdin.isatty() else sys.stdin.readline()
    if not given.strip():
        raise UseError("No key was given.")
    at.client("ssm").put_parameter(Name=parameter, Value=given.strip(), Type="SecureString", Overwrite=True)
    return _show(checks.found(at))


@app.command()
@with_target
def invite(
    target: Target,
    name: str,
    email: Annotated[str | None, typer.Option(help="Cognito mails the first password there")] = None,
) -> int:
    """Make a user, who gets a first password by mail; without --email it is printed, to be handed over."""
    at = target.deployed()
    cognito, pool = at.client("cognito-idp"), at.outputs["UserPoolId"]
    password = f"Aa1!{secrets.token_urlsafe(12)}"
    sent = {"DesiredDeliveryMediums": ["EMAIL"]} if email else {"MessageAction": "SUPPRESS"}
    attributes = [{"Name": "email", "Value": email}, {"Name": "email_verified", "Value": "true"}] if email else []
    try:
        cognito.admin_create_user(
            UserPoolId=pool, Username=name, TemporaryPassword=password, UserAttributes=attributes, **sent
        )
    except cognito.exceptions.UsernameExistsException as error:
        raise StageError(f"There is a user {name} already.") from error
    told = (
        f"Cognito has mailed {email} a first password, without the page's URL: pass it on."
        if email
        else f"First password: {password}"
    )
    print(f"{name} can sign in at {at.outputs['WebsiteUrl']} within seven days. {told}")
    return DONE


@app.command()
@with_target
def smoke(
    target: Target,
    pdf: Annotated[Path, typer.Option(exists=True, dir_okay=False, help="of one's own")] = SAMPLE,
    question: Annotated[str, typer.Option(help="that the PDF answers")] = QUESTION,
) -> int:
    """Use the stage once as a temporary user, from upload to erasure."""
    return _show(map(checks.Line, used_once(target.deployed(), pdf, question)))


@app.command()
@with_target
def redrive(target: Target) -> int:
    """Send dead letters back to their source queues, after their cause has been repaired."""
    return _show(map(checks.Line, moved_back(target.deployed())))


@app.command()
@with_target
def reindex(
    target: Target,
    every: Annotated[bool, typer.Option("--all", help="also those that are in the stage's index already")] = False,
) -> int:
    """Have documents read again after a change of embedding model or mapping. May be stopped and repeated."""
    return _show(read_again(target.deployed(), every=every))


@app.command()
@with_target
def restore(
    target: Target,
    at: Annotated[datetime, typer.Option(metavar="INSTANT", formats=["%Y-%m-%dT%H:%M:%SZ"], help="in UTC")],
) -> int:
    """Restore items that the tables have lost since an instant. Erased data is not restored."""
    return _show(put_back(target.deployed(), at.replace(tzinfo=UTC)))


@app.command("remains")
@with_target
def show_remains(target: Target) -> int:
    """List the resources that are left in the account after a removal, and may still cost money."""
    if target.stage == LOCAL:
        return DONE  # its data are in .state, until `make clean`
    return _show(remains(Account(), target.stack or default_stack(target.stage)))


def _show(lines: Iterable[checks.Line]) -> int:
    status = DONE
    try:
        for line in lines:
            print(printable(str(line)), flush=True)
            status = FAILED if line.is_fault else status
    except StageError as error:
        tell(f"FAULT {error}")
        return FAILED
    return status
