"""Mixed load for SOAK_MINUTES (20): memory, processes, queue and items must not grow once all is warm."""

import os
import secrets
import statistics
import threading
import time

from bench.crowd import QUESTION
from bench.system import HANDBOOK, deployed_system
from documind.errors import Ending
from documind.ids import new_random_id
from documind.wire import ReceiptFrame, RoomDelete
from documind_cli.answering import Question
from documind_cli.client import Client, RefusedError
from documind_cli.room import Room
from documind_cli.uploading import upload
from local import accounts, aws, processes
from local.deployment import Deployment
from local.system import OfflineSystem

PEOPLE = 4
ROOMS_A_PERSON = 3  # then a new user comes, because budgets are limited
QUESTIONS_A_CONNECTION, CONNECTIONS_A_ROOM = 3, 2
SAMPLE_EVERY_S = 5
OF_PEOPLE = ("USER#", "LOGIN#", "BUDGET#USER#")  # each new person leaves a name, receipts, and the budget of a day
# The last quarter's median may be at most the first quarter's times the factor, plus the second number.
ALLOWED = {
    "memory of OpenSearch, MB": (2.0, 0),  # its heap grows into its limit
    "memory of the local AWS, MB": (2.0, 100),  # it never deletes logs and executions
    "memory of the model server, MB": (1.3, 10),
    "memory of a function's process, MB": (1.3, 0),
    "processes of functions": (1.3, 2),
    "messages in the queue": (1.0, PEOPLE),
    "live messages": (1.5, 40),
    "items of rooms and connections": (1.5, 60),
    "largest item, KB": (1.3, 20),
}


class Failures:
    """The failures that people met, and the number of answers that they got."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self.answers = 0


def run() -> None:
    """Print the medians of the first and the last quarter; raise SystemExit when something grew or went wrong."""
    minutes = float(os.environ.get("SOAK_MINUTES", "20"))
    stop_at = time.monotonic() + minutes * 60
    failures = Failures()
    with deployed_system() as (system, deployed):
        people = [threading.Thread(target=live, args=(deployed, stop_at, failures)) for _ in range(PEOPLE)]
        for person in people:
            person.start()
        samples = []
        while time.monotonic() < stop_at:
            time.sleep(SAMPLE_EVERY_S)
            samples.append(sample(system, deployed))
        for person in people:
            person.join()
    quarter = max(len(samples) // 4, 1)
    grown = []
    print(f"{minutes:g} minutes, {PEOPLE} people, {failures.answers} answers, {len(failures.seen)} failures")
    print("\n| median of | first quarter | last quarter |\n|---|---|---|")
    for name, (factor, more) in ALLOWED.items():
        first, last = (
            statistics.median(each[name] for each in some) for some in (samples[:quarter], samples[-quarter:])
        )
        print(f"| {name} | {first:.0f} | {last:.0f} |")
        if last > first * factor + more:
            grown.append(name)
    if grown or failures.seen:
        raise SystemExit("\n".join([*(f"grew: {name}" for name in grown), *failures.seen[:20]]))


def live(deployed: Deployment, stop_at: float, failures: Failures) -> None:
    """Act as one new user after the other: open a room, upload, ask, reconnect, ask again, delete the room."""
    while time.monotonic() < stop_at:
        name, password = f"user-{secrets.token_hex(4)}", f"Aa1!{secrets.token_urlsafe(12)}"
        accounts.create_user(deployed, name, password)
        token = accounts.sign_in(deployed, name, password).access_token
        for number in range(ROOMS_A_PERSON):
            try:
                use_a_room(deployed, token, f"Room {number}", failures)
            except (RefusedError, TimeoutError, OSError) as error:
                failures.seen.append(f"{type(error).__name__}: {error}")


def use_a_room(deployed: Deployment, token: str, name: str, failures: Failures) -> None:
    for connection in range(CONNECTIONS_A_ROOM):
        with Room(lambda _renew: Client.connect(deployed.websocket_url, token), name) as room:
            if connection == 0:
                upload(room, HANDBOOK)
            for _ in range(QUESTIONS_A_CONNECTION):
                if (end := Question(room, QUESTION).follow()).ending is Ending.ANSWER:
                    failures.answers += 1
                else:
                    failures.seen.append(f"a question ended as {end.ending}")
            if connection == CONNECTIONS_A_ROOM - 1:
                room.client.request(RoomDelete(request_id=new_random_id(), chat_id=room.chat_id), ReceiptFrame)


def sample(system: OfflineSystem, deployed: Deployment) -> dict[str, float]:
    """Measure everything once; a process that has ended meanwhile counts as 0 MB."""
    services = {name: child.process.pid for name, child in system.children.services.items()}
    listed = processes.listed()
    memory_mb = {each.pid: each.memory_mb for each in listed}
    functions = [each.memory_mb for each in listed if str(system.folder / "tmp") in each.command]
    messages, rooms = (items(deployed, output) for output in ("MessagesTable", "RoomsTable"))
    return {
        "memory of OpenSearch, MB": memory_mb.get(services["opensearch"], 0),
        "memory of the local AWS, MB": memory_mb.get(services["aws"], 0),
        "memory of the model server, MB": memory_mb.get(services["models"], 0),
        "memory of a function's process, MB": statistics.median(functions or [0]),
        "processes of functions": len(functions),
        "messages in the queue": queued(deployed),
        "live messages": len(messages),
        "items of rooms and connections": len([item for item in rooms if not item["pk"]["S"].startswith(OF_PEOPLE)]),
        "largest item, KB": max((len(str(item)) for item in messages + rooms), default=0) / 1024,
    }


def items(deployed: Deployment, output: str) -> list[dict[str, dict[str, str]]]:
    pages = aws.client(deployed.aws_endpoint, "dynamodb").get_paginator("scan")
    return [item for page in pages.paginate(TableName=deployed.outputs[output]) for item in page["Items"]]


def queued(deployed: Deployment) -> int:
    """Return the number of messages in all queues, including those being processed."""
    sqs = aws.client(deployed.aws_endpoint, "sqs")
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    queues = sqs.list_queues().get("QueueUrls", [])
    counted = [sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=names)["Attributes"] for queue in queues]
    return sum(int(each[name]) for each in counted for name in names)
