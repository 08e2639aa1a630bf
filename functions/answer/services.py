"""The settings, stores and clients that the steps of this function work with."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from documind.clients.models import Models
from documind.clients.objects import Objects
from documind.clients.search import SearchIndex
from documind.room_services import RoomServices
from documind.settings import AnswerSettings, load
from documind.stores.budgets import Allowance, BudgetStore

AT_ONCE = 16  # more than one run needs: requests that a run has given up may still be waiting


@dataclass(frozen=True)
class Services(RoomServices):
    """The shared stores and sockets, and what only this function needs."""

    settings: AnswerSettings
    budgets: BudgetStore
    objects: Objects
    models: Models
    search: SearchIndex
    executor: Executor  # for requests in the background


@cache
def services() -> Services:
    """Make the services from the settings, once for each execution environment."""
    settings = load(AnswerSettings)
    shared = RoomServices.from_settings(settings)
    return Services(
        **vars(shared),
        settings=settings,
        budgets=BudgetStore(
            shared.rooms_table,
            of_user=Allowance(tokens=settings.user_tokens_a_day),
            of_room=Allowance(tokens=settings.room_tokens_a_day),
        ),
        objects=Objects.of_bucket(settings.documents_bucket),
        models=Models.from_settings(settings),
        search=SearchIndex.from_settings(settings),
        executor=ThreadPoolExecutor(AT_ONCE),
    )
