"""`documind rooms`: lists, shares, joins, renames and leaves rooms."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer

from documind import wire
from documind.ids import new_random_id
from documind_cli.client import Client
from documind_cli.output import tell
from documind_cli.room import find_room
from documind_cli.terminal import DONE, Terminal, UseError, with_terminal

Role = Annotated[Literal["writer", "reader"], typer.Option()]
app = typer.Typer(rich_markup_mode=None)


@app.callback(invoke_without_command=True)
@with_terminal
def rooms(terminal: Terminal) -> int:
    """List your rooms, or share, join, rename and leave them."""
    with terminal.connect() as client:
        for room in client.rooms():
            terminal.say(f"{room.name}  ({room.role})")
    return DONE


@app.command()
@with_terminal
def share(terminal: Terminal, room: str, name: str, role: Role = "writer") -> int:
    """Make a user a member, or change the role."""
    with existing(terminal, room) as (client, opened):
        frame = wire.RoomInvite(request_id=new_random_id(), chat_id=opened.chat_id, role=role, name=name)
        return show_members(terminal, client.request(frame, wire.Members))


@app.command()
@with_terminal
def invite(terminal: Terminal, room: str, role: Role = "writer") -> int:
    """Print the token of an invitation."""
    with existing(terminal, room) as (client, opened):
        found = client.request(
            wire.RoomInvite(request_id=new_random_id(), chat_id=opened.chat_id, role=role), wire.Invitation
        )
    terminal.say(found.token)
    tell(f"Good for a {found.role} until {time.strftime('%Y-%m-%d %H:%M', time.localtime(found.expires_at))}.")
    return DONE


@app.command()
@with_terminal
def join(terminal: Terminal, token: str) -> int:
    """Become a member by the token of an invitation."""
    with terminal.connect() as client:
        room = client.request(wire.RoomJoin(request_id=new_random_id(), token=token), wire.RoomChanged).room
    terminal.say(f"{room.name}  ({room.role})")
    return DONE


@app.command()
@with_terminal
def rename(terminal: Terminal, room: str, new_name: str) -> int:
    """Give a room another name."""
    with existing(terminal, room) as (client, opened):
        frame = wire.RoomRename(request_id=new_random_id(), chat_id=opened.chat_id, name=new_name)
        terminal.say(client.request(frame, wire.RoomChanged).room.name)
    return DONE


@app.command()
@with_terminal
def unshare(terminal: Terminal, room: str, name: str) -> int:
    """Remove a member."""
    with existing(terminal, room) as (client, opened):
        user_id = next((member.user_id for member in opened.members if member.name == name), None)
        if user_id is None:
            raise UseError(f"{name} is not a member of {room}.")
        frame = wire.RoomUnshare(request_id=new_random_id(), chat_id=opened.chat_id, user_id=user_id)
        return show_members(terminal, client.request(frame, wire.Members))


@app.command()
@with_terminal
def leave(terminal: Terminal, room: str) -> int:
    """Leave a room for good."""
    with existing(terminal, room) as (client, opened):
        frame = wire.RoomUnshare(request_id=new_random_id(), chat_id=opened.chat_id, user_id=opened.user.user_id)
        client.request(frame, wire.Closed)
    return DONE


def show_members(terminal: Terminal, members: wire.Members) -> int:
    for member in members.members:
        terminal.say(f"{member.name}  ({member.role})")
    return DONE


@contextmanager
def existing(terminal: Terminal, name: str) -> Iterator[tuple[Client, wire.Opened]]:
    """Connect and open a room that exists by its name or id; raises UseError when there is none."""
    with terminal.connect() as client:
        found = find_room(client, name)
        if found is None:
            raise UseError(f"You have no room named {name}.")
        yield client, client.open(chat_id=found.chat_id)
