"""Uses a stage once as a temporary user: upload, question, cited page, erasure of room and account."""

import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from documind.errors import Ending
from documind.ids import new_random_id
from documind.wire import AccountDelete, Message, RoomDelete
from documind_cli.admin.stage import Stage, StageError
from documind_cli.answering import Question
from documind_cli.client import Client
from documind_cli.room import Room
from documind_cli.uploading import upload


def smoke(stage: Stage, pdf: Path, question: str) -> Iterator[str]:
    """Yield a line for each step that succeeded; raises StageError naming the first one that failed.

    Room and account are erased in any case.
    """
    with _user(stage) as (name, token):
        yield f"signed in as {name}"
        with Room(lambda _renew: Client.connect(stage.outputs["WebSocketUrl"], token), f"Smoke {name}") as room:
            try:
                yield from _use(stage, room, pdf, question)
            finally:
                room.client.erase(AccountDelete(request_id=new_random_id(), name=name))
            yield "account erased"


def _use(stage: Stage, room: Room, pdf: Path, question: str) -> Iterator[str]:
    document, _ = upload(room, pdf)
    if document.status != "ready":
        raise StageError(f"{pdf.name} could not be read ({document.reason}): `{stage.typed('doctor')}` says more.")
    yield f"{pdf.name} read ({document.pages_total} pages)"
    started = time.monotonic()
    page = _cited_page(stage, Question(room, question).follow())
    yield f"answered in {time.monotonic() - started:.1f} s, citing page {page}"
    receipt = room.client.erase(RoomDelete(request_id=new_random_id(), chat_id=room.chat_id))
    yield f"room erased, receipt {receipt.receipt_id}"


def _cited_page(stage: Stage, message: Message) -> int:
    if message.ending in {Ending.REFUSED, Ending.NO_RESULTS}:
        raise StageError("Nothing in the PDF answers the question: name another one with --question.")
    if message.ending is not Ending.ANSWER or not message.citations:
        raise StageError(f"The question ended with {message.ending}: `{stage.typed('doctor')}` says more.")
    return message.citations[0].page


@contextmanager
def _user(stage: Stage) -> Iterator[tuple[str, str]]:
    """Create a user and yield its name and access token; the user is always deleted at the end."""
    cognito, pool = stage.client("cognito-idp"), stage.outputs["UserPoolId"]
    name, password = f"smoke-{secrets.token_hex(4)}", f"Aa1!{secrets.token_urlsafe(18)}"
    cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS")
    try:
        cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
        answer = cognito.admin_initiate_auth(
            UserPoolId=pool,
            ClientId=stage.outputs["OperatorClientId"],
            AuthFlow="ADMIN_USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": name, "PASSWORD": password},
        )
        yield name, answer["AuthenticationResult"]["AccessToken"]
    finally:
        with suppress(cognito.exceptions.UserNotFoundException):  # the account was erased, as it should be
            cognito.admin_delete_user(UserPoolId=pool, Username=name)
