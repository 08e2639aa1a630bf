"""The stores and clients of this function."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

from documind.clients import aws
from documind.clients.models import Models
from documind.clients.objects import Objects
from documind.clients.queue import Queue
from documind.clients.search import SearchIndex
from documind.clients.search_deletion import ChunkDeletion
from documind.clients.workflow import AnswerFunction
from documind.room_services import RoomServices
from documind.settings import IngestSettings, load
from documind.stores.budgets import Allowance, BudgetStore
from documind.stores.documents import DocumentStore, StoredDocument


@dataclass(frozen=True)
class Services:
    """The stores and clients of this function."""

    documents: DocumentStore
    budgets: BudgetStore
    objects: Objects
    models: Models
    search: SearchIndex
    broadcast: Callable[[StoredDocument], None]  # to its room
    queue: Queue
    answer_function: AnswerFunction
    delete_overtaken: Callable[[str, str, Sequence[str]], int]  # chat_id, document_id, the attempts that stay
    reads_pictures: bool = False  # of pages without text


@cache
def services() -> Services:
    """Make the services from the settings, once for each execution environment."""
    settings = load(IngestSettings)
    shared = RoomServices.from_settings(settings)
    return Services(
        documents=shared.documents,
        budgets=BudgetStore(
            shared.rooms_table,
            of_user=Allowance(pages=settings.user_pages_a_day, tokens=settings.user_tokens_a_day),
            of_room=Allowance(pages=settings.room_pages_a_day, tokens=settings.room_tokens_a_day),
        ),
        objects=Objects.of_bucket(settings.documents_bucket),
        models=Models.from_settings(settings),
        search=SearchIndex.from_settings(settings),
        broadcast=shared.broadcast_document,
        queue=Queue(aws.client("sqs"), settings.queue_url),
        answer_function=AnswerFunction(aws.client("lambda"), settings.answer_function),
        delete_overtaken=ChunkDeletion.from_settings(settings).delete_overtaken,
        reads_pictures=settings.ocr == "vision",
    )
