"""What the steps of the workflow work with: settings, stores and clients of this function."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

import boto3

from documind.clients.models import Models
from documind.clients.search import SearchIndex
from documind.clients.sockets import Sockets
from documind.settings import AnswerSettings, load
from documind.stores.connections import Connections
from documind.stores.conversation import Questions
from documind.stores.documents import Documents


@dataclass(frozen=True)
class Services:
    """All that the steps of this function work with."""

    settings: AnswerSettings
    documents: Documents
    questions: Questions
    sockets: Sockets
    models: Models
    search: SearchIndex
    executor: Executor  # for what goes on beside a step's own work


@cache
def services() -> Services:
    """Make the real ones, once."""
    settings = load(AnswerSettings)
    tables = boto3.resource("dynamodb")
    rooms, messages = tables.Table(settings.rooms_table), tables.Table(settings.messages_table)
    return Services(
        settings=settings,
        documents=Documents(rooms),
        questions=Questions(rooms, messages),
        sockets=Sockets.from_settings(settings, Connections(rooms)),
        models=Models.from_settings(settings),
        search=SearchIndex.from_settings(settings),
        executor=ThreadPoolExecutor(2),
    )
