"""What the steps of the workflow work with: settings, stores and clients of this function."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from documind.clients.models import Models
from documind.clients.objects import Objects
from documind.clients.search import SearchIndex
from documind.room_services import RoomServices
from documind.settings import AnswerSettings, load
from documind.stores.budgets import Allowance, BudgetStore

AT_ONCE = 16  # more than one run needs: what a run has given up may still wait for an answer


@dataclass(frozen=True)
class Services(RoomServices):
    """All that the steps of this function work with."""

    settings: AnswerSettings
    budgets: BudgetStore
    objects: Objects
    models: Models
    search: SearchIndex
    executor: Executor  # for what goes on beside a step's own work


@cache
def services() -> Services:
    """Make the real ones, once."""
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
