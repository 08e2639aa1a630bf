"""The limits, stores and clients that the use cases of this function work with."""

from dataclasses import dataclass
from functools import cache

from botocore.config import Config

from documind.clients import aws
from documind.clients.objects import Objects
from documind.clients.people import People
from documind.clients.queue import Queue
from documind.clients.workflow import AnswerFunction, Workflow
from documind.languages import Language
from documind.room_services import RoomServices
from documind.settings import MessageSettings, load
from documind.stores.budgets import Allowance, BudgetStore
from documind.stores.erasures import ERASED_AFTER_S, Erasure
from documind.wire import Limits, Role, ServerFrame, User
from message.rate import Rate

# The user waits for the start of the workflow and the connection for a warm-up: a failure must be known within seconds.
START_CONFIG = Config(read_timeout=5, retries={"total_max_attempts": 2, "mode": "standard"})


@dataclass(frozen=True)
class Services(RoomServices):
    """The shared stores and sockets, and what only this function needs."""

    limits: Limits
    rate: Rate
    budgets: BudgetStore
    objects: Objects
    workflow: Workflow
    answer_function: AnswerFunction
    upload_queue: Queue
    erasure_queue: Queue
    people: People

    def enqueue(self, erasure: Erasure) -> None:
        """Enqueue the erasure of a room or document, which is closed right after."""
        self.erasure_queue.send(erasure.to_message(), after_s=ERASED_AFTER_S)

    def reply(self, caller: "Caller", frame: ServerFrame) -> None:
        """Post the reply to a frame to its sender; it echoes the frame's `request_id`."""
        self.sockets.post(caller.connection_id, frame.model_copy(update={"request_id": caller.request_id}))


@dataclass(frozen=True)
class Caller:
    """Who sent a frame, over which connection, and about which room."""

    connection_id: str
    user: User
    language: Language
    request_id: str | None = None  # of the frame
    chat_id: str = ""  # the room that the frame is about, once membership has been checked
    role: Role = "reader"  # in that room


@cache
def services() -> Services:
    """Make the services from the settings, once for each execution environment."""
    settings = load(MessageSettings)
    shared, queues = RoomServices.from_settings(settings), aws.client("sqs")
    return Services(
        **vars(shared),
        limits=Limits(apology_after_s=settings.apology_after_s),
        rate=Rate(),
        budgets=BudgetStore(
            shared.rooms_table,
            of_user=Allowance(questions=settings.user_questions_a_day, tokens=settings.user_tokens_a_day),
            of_room=Allowance(questions=settings.room_questions_a_day, tokens=settings.room_tokens_a_day),
        ),
        objects=Objects.of_bucket(settings.documents_bucket),
        workflow=Workflow(aws.client("stepfunctions", config=START_CONFIG), settings.state_machine_arn),
        answer_function=AnswerFunction(aws.client("lambda", config=START_CONFIG), settings.answer_function),
        upload_queue=Queue(queues, settings.upload_queue_url),
        erasure_queue=Queue(queues, settings.erasure_queue_url),
        people=People(aws.client("cognito-idp"), settings.user_pool_id),
    )
