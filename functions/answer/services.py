"""What the steps of the workflow work with: settings, stores and clients of this function."""

from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from documind.clients.models import Models
from documind.clients.objects import Objects
from documind.clients.search import SearchIndex
from documind.room_services import RoomServices
from documind.settings import AnswerSettings, load

AT_ONCE = 16  # more than one run needs: what a run has given up may still wait for an answer


@dataclass(frozen=True)
class Services(RoomServices):
    """All that the steps of this function work with."""

    settings: AnswerSettings
    objects: Objects
    models: Models
    search: SearchIndex
    executor: Executor  # for what goes on beside a step's own work


@cache
def services() -> Services:
    """Make the real ones, once."""
    settings = load(AnswerSettings)
    return Services(
        **vars(RoomServices.from_settings(settings)),
        settings=settings,
        objects=Objects.of_bucket(settings.documents_bucket),
        models=Models.from_settings(settings),
        search=SearchIndex.from_settings(settings),
        executor=ThreadPoolExecutor(AT_ONCE),
    )
