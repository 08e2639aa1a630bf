"""The child processes of one local system: starts services, runs commands, stops all of them."""

import contextlib
import http.client
import threading
import time
from pathlib import Path

from local import processes
from local.services import ROOT, Service
from local.steps import StepError, Tell, step

START_TIMEOUT_S = 90
COMMAND_TIMEOUT_S = 600
STOP_TIMEOUT_S = 20
POLL_S = 0.1
# Commands are stopped first; then AWS, which needs the other services while it ends connections and saves.
STOP_ORDER = ("aws", "models", "opensearch", "dynamodb")


class Children:
    """The processes of the system in `folder`. Once `stopping` is set, nothing starts and all waits end."""

    def __init__(self, folder: Path, say: Tell) -> None:
        self.folder = folder
        self.say = say
        self.services: dict[str, processes.Child] = {}
        self.commands: list[processes.Child] = []
        self.stopping = threading.Event()

    def serve(self, service: Service) -> None:
        """Start a service and wait until it answers; raises StepError when it ends or takes too long."""
        with step(f"{service.name} answers on port {service.port}", self.say):
            child = self.start(service.name, service.command, service.environment, ROOT)
            self.services[service.name] = child
            give_up_at = time.monotonic() + START_TIMEOUT_S
            while not answers(service):
                if self.stopping.is_set() or not child.is_running():
                    raise ended(f"Starting {service.name}", child)
                if time.monotonic() > give_up_at:
                    raise StepError(f"Starting {service.name}", f"no answer within {START_TIMEOUT_S} s", child.log)
                time.sleep(POLL_S)

    def run(self, name: str, command: list[str], environment: dict[str, str], directory: Path) -> Path:
        """Run a command to its end and return its log; raises StepError if it fails or takes too long."""
        child = self.start(name, command, environment, directory)
        self.commands.append(child)
        give_up_at = time.monotonic() + COMMAND_TIMEOUT_S
        while child.is_running() and time.monotonic() < give_up_at and not self.stopping.is_set():
            time.sleep(POLL_S / 2)
        status = child.process.poll()
        child.stop()
        self.commands.remove(child)
        if status != 0:
            reason = "it was stopped" if status is None else f"it ended with status {status}"
            raise StepError(f"Running {name}", reason, child.log)
        return child.log

    def start(self, name: str, command: list[str], environment: dict[str, str], directory: Path) -> processes.Child:
        if self.stopping.is_set():
            raise StepError(f"Starting {name}", "the local run is being stopped")
        return processes.start(name, command, environment, self.folder, directory)

    def died(self) -> StepError | None:
        """Return an error for the first service that ended by itself; None if all are running."""
        dead = (child for child in self.services.values() if not child.is_running())
        return next((ended(f"Keeping {child.name} running", child) for child in dead), None)

    def stop(self) -> None:
        """Stop everything; idempotent."""
        for child in [*self.commands, *(self.services[name] for name in STOP_ORDER if name in self.services)]:
            child.stop(STOP_TIMEOUT_S)
        self.services.clear()


def ended(label: str, child: processes.Child) -> StepError:
    return StepError(label, f"it ended with status {child.process.poll()}", child.log)


def answers(service: Service) -> bool:
    """Return whether the service answers its health request with the status that means ready."""
    connection = http.client.HTTPConnection("127.0.0.1", service.port, timeout=2)
    with contextlib.closing(connection):
        try:
            connection.request("GET", service.health_path)
            return connection.getresponse().status == service.healthy_status
        except (OSError, http.client.HTTPException):
            return False
