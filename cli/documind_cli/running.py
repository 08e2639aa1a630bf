"""Runs a command and prints failures as sentences."""

import typer
from pydantic import ValidationError
from websockets.exceptions import WebSocketException

from documind_cli.admin.stage import is_of_aws
from documind_cli.client import RefusedError
from documind_cli.commands import app
from documind_cli.output import sentence_of, tell
from documind_cli.sign_in import NotSignedInError
from documind_cli.terminal import BAD_USE, FAILED, INTERRUPTED, UseError


def run(given: list[str] | None) -> int:
    """Run the given arguments, or those of this process; return the exit status."""
    try:
        return int(app(given, prog_name="documind", standalone_mode=False))
    except typer.TyperException as error:
        tell(f"documind: {error.format_message()} `documind --help` tells how it is used.")
        return BAD_USE
    except (UseError, ValidationError) as error:
        tell(f"documind: {sentence_of(error)}")
        return BAD_USE
    except typer.Abort as abort:  # by Ctrl-C, or by Ctrl-D instead of an answer
        return INTERRUPTED if isinstance(abort.__cause__, KeyboardInterrupt) else FAILED
    except (RefusedError, NotSignedInError, ValueError, OSError, WebSocketException) as error:
        tell(f"documind: {sentence_of(error)}")
        return FAILED
    except Exception as error:
        if not is_of_aws(error):
            raise
        tell(f"documind: {error}")
        return FAILED
