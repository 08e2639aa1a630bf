"""What history is made durable with: stores and clients of this function."""

from dataclasses import dataclass
from functools import cache

import boto3

from documind.clients.sockets import Sockets
from documind.settings import FlushHistorySettings, load
from documind.stores.connections import Connections
from documind.stores.conversation import History, Questions
from documind.stores.members import Members


@dataclass(frozen=True)
class Services:
    """All that the handlers of this function work with."""

    connections: Connections
    members: Members
    questions: Questions
    history: History
    sockets: Sockets


@cache
def services() -> Services:
    """Make the real ones, once."""
    settings = load(FlushHistorySettings)
    tables = boto3.resource("dynamodb")
    rooms, messages = tables.Table(settings.rooms_table), tables.Table(settings.messages_table)
    connections = Connections(rooms)
    return Services(
        connections=connections,
        members=Members(rooms),
        questions=Questions(rooms, messages),
        history=History(rooms, messages),
        sockets=Sockets.from_settings(settings, connections),
    )
