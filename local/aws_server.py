"""MiniStack with patches: saves while it runs, closes connections on stop, starts functions faster, keeps their logs.

Runs as a script in MiniStack's own virtual environment. MiniStack saves its state only on a graceful stop; this saves
the data every few seconds, and everything on SIGUSR1 (after a deployment), so that a killed run loses a few seconds.
"""

import asyncio
import logging
import os
import signal
import tempfile
import threading
import time
import zipfile
from collections.abc import Awaitable, Callable
from functools import lru_cache
from importlib.metadata import version
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core import lambda_runtime, persistence
from ministack.services import dynamodb, lambda_svc, stepfunctions

WRITTEN_FOR = "1.5.33"  # the version of MiniStack whose internals `patch` replaces
DATA_SERVICES = ("dynamodb", "cognito", "s3", "sqs", "ssm")  # services whose state changes between deployments
SAVE_INTERVAL_S = 5.0
SAVING_PAUSES = 20  # least pause after a save, in durations of it: saving blocks all requests, for 1/20 of the time
SOCKETS_CLOSE_TIMEOUT_S = 10
STARTING_PAUSE_S = 0.15  # the pause of MiniStack before the first state of an execution, which is skipped
LOG_WAIT_S = 0.002  # for the log lines of an invocation, instead of 50 ms
EXIT_TIMEOUT_S = 3
STARTS_AT_ONCE = os.cpu_count() or 1  # function processes that start in parallel; each needs a core for about 1 s

LOG = logging.getLogger(__name__)
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Server:
    """One MiniStack, with periodic saving and an orderly stop."""

    def __init__(self, state: Path) -> None:
        self.stopping = asyncio.Event()
        self.state = state
        self.open_sockets = 0

    async def app(self, scope: Message, receive: Receive, send: Send) -> None:
        """Run MiniStack's ASGI application, and disconnect open WebSockets when the server stops."""

        async def receive_until_stopping() -> Message:
            received = asyncio.ensure_future(receive())
            stopping = asyncio.ensure_future(self.stopping.wait())
            await asyncio.wait({received, stopping}, return_when=asyncio.FIRST_COMPLETED)
            stopping.cancel()
            if received.done():
                return received.result()
            received.cancel()
            return {"type": "websocket.disconnect", "code": 1001, "reason": "the local run stops"}

        if scope["type"] != "websocket":
            await ministack.app(scope, receive, send)
            return
        self.open_sockets += 1
        try:
            await ministack.app(scope, receive_until_stopping, send)  # returns once $disconnect has run
        finally:
            self.open_sockets -= 1

    async def run(self, host: str, port: int) -> None:
        """Serve until SIGTERM; the file `stopped` tells the next run that this one saved everything."""
        self.state.mkdir(parents=True, exist_ok=True)
        (self.state / "stopped").unlink(missing_ok=True)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stopping.set)
        loop.add_signal_handler(signal.SIGUSR1, self.save_everything)
        saving = asyncio.create_task(self.save_data_now_and_then())
        config = Config()
        config.bind = [f"{host}:{port}"]
        config.keep_alive_timeout = 75
        config.graceful_timeout = 1
        await serve(self.app, config, shutdown_trigger=self.sockets_closed)
        saving.cancel()

    async def sockets_closed(self) -> None:
        """Wait for the signal and for the $disconnect of every connection, then save and force the exit after 3 s."""
        await self.stopping.wait()
        give_up_at = time.monotonic() + SOCKETS_CLOSE_TIMEOUT_S
        while self.open_sockets and time.monotonic() < give_up_at:  # noqa: ASYNC110 - a count has no event
            await asyncio.sleep(0.05)
        self.save_everything()
        (self.state / "stopped").touch()
        threading.Timer(EXIT_TIMEOUT_S, os._exit, (0,)).start()  # hypercorn waits for idle connections without limit

    async def save_data_now_and_then(self) -> None:
        pause_s = SAVE_INTERVAL_S
        while True:
            await asyncio.sleep(pause_s)
            began = time.monotonic()
            self.save(DATA_SERVICES)
            pause_s = max(SAVE_INTERVAL_S, SAVING_PAUSES * (time.monotonic() - began))

    def save_everything(self) -> None:
        self.save(None)
        (self.state / "saved").touch()

    def save(self, services: tuple[str, ...] | None) -> None:
        """Save the state of the named services, or of all; on the event loop, so that no request runs meanwhile."""
        states = ministack._build_persistence_save_dict()  # noqa: SLF001
        persistence.save_all({name: states[name] for name in states if services is None or name in services})


def keep_function_logs(path: Path) -> None:
    """Append the logs of all functions to one file; MiniStack drops those of invocations from WebSocket routes."""
    invoke = lambda_runtime.Worker.invoke

    def invoke_and_log(worker: Any, *arguments: Any, **options: Any) -> Message:
        started = time.monotonic()
        result: Message = {}
        try:
            result = invoke(worker, *arguments, **options)
        except Exception as error:
            result = {"error": f"did not start: {error}"}
            raise
        finally:
            with path.open("a") as log:
                outcome = result.get("error") or result.get("status")
                log.write(f"--- {worker.func_name} {time.monotonic() - started:.3f} s {outcome}\n")
                if result.get("log"):
                    log.write(f"{result['log'].rstrip()}\n")
        return result

    lambda_runtime.Worker.invoke = invoke_and_log


def answer_without_pauses() -> None:
    """Remove two fixed pauses of MiniStack that AWS does not have.

    One is before the first state of an execution, the other, of 50 ms, after each invocation that wrote no log line.
    A line that arrives after its invocation appears in the log of the next one.
    """
    drain = lambda_runtime.Worker._drain_stderr_bounded  # noqa: SLF001
    lambda_runtime.Worker._drain_stderr_bounded = lambda worker: drain(worker, first_line_wait=LOG_WAIT_S)  # noqa: SLF001

    def sleep(seconds: float) -> None:
        if seconds != STARTING_PAUSE_S:
            time.sleep(seconds)

    stepfunctions.time = SimpleNamespace(**{**vars(time), "sleep": sleep})


def parse_once() -> None:
    """Cache parsed conditions; MiniStack parses the condition of a query again for every item of the partition."""
    for name in ("_tokenize", "_condition_syntax_error"):
        setattr(dynamodb, name, lru_cache(maxsize=1_000)(getattr(dynamodb, name)))


def share_layers() -> None:
    """Unpack each layer once; MiniStack would unpack and compile 100 MB for every process of every function."""
    spawn, unpacked, lock = lambda_runtime.Worker._spawn, dict[str, str](), threading.Lock()  # noqa: SLF001

    def folder_of(layer: Any) -> str:
        name = layer["Arn"]  # contains the version, whose content never changes
        with lock:
            if name not in unpacked:
                folder = tempfile.mkdtemp(prefix="layer-")
                zipfile.ZipFile(BytesIO(lambda_svc._resolve_layer_zip(layer))).extractall(folder)  # noqa: SLF001
                unpacked[name] = folder
            return unpacked[name]

    def spawn_with_shared_layers(worker: Any) -> None:
        config = worker.config
        folders = os.pathsep.join(folder_of(layer) for layer in config.get("Layers", []))
        variables = {**config.get("Environment", {}).get("Variables", {}), "_LAMBDA_LAYERS_DIRS": folders}
        worker.config = {**config, "Layers": [], "Environment": {"Variables": variables}}
        try:
            spawn(worker)
        finally:
            worker.config = config

    lambda_runtime.Worker._spawn = spawn_with_shared_layers  # noqa: SLF001


def start_few_at_once() -> None:
    """Limit how many function processes start in parallel; a waiting invocation takes the first process that is free.

    MiniStack starts a process for every invocation that finds none free: fifty questions at once would start fifty,
    which slow each other down.
    """
    acquire, spawn, release = lambda_runtime.acquire_worker, lambda_runtime.Worker._spawn, lambda_runtime.release_worker  # noqa: SLF001
    changed, starting = threading.Condition(), set[Any]()

    def acquire_or_wait(name: str, config: Message, code: bytes, qualifier: str = "$LATEST") -> tuple[Any, str]:
        key = lambda_runtime._worker_key(name, config, qualifier)  # noqa: SLF001

        def one_is_free() -> bool:
            return any(not worker.in_use for worker in lambda_runtime._workers.get(key, ()))  # noqa: SLF001

        with changed:
            changed.wait_for(lambda: len(starting) < STARTS_AT_ONCE or one_is_free())
            worker, how = acquire(name, config, code, qualifier)
            if how == "spawn":
                starting.add(worker)
        return worker, how

    def has_started(worker: Any) -> None:
        with changed:
            starting.discard(worker)
            changed.notify_all()

    def spawn_and_tell(worker: Any) -> None:
        try:
            spawn(worker)
        finally:
            has_started(worker)

    def release_and_tell(worker: Any) -> None:
        release(worker)
        has_started(worker)

    lambda_runtime.Worker._spawn = spawn_and_tell  # noqa: SLF001
    for module in (lambda_runtime, lambda_svc):
        module.acquire_worker, module.release_worker = acquire_or_wait, release_and_tell


def patch(installed: str, function_log: Path) -> None:
    """Apply the patches, if the installed version is the one that they were written for."""
    if installed != WRITTEN_FOR:
        LOG.warning(
            "MiniStack %s runs unpatched, slower and with fewer logs: patches are for %s", installed, WRITTEN_FOR
        )
        return
    parse_once()
    share_layers()
    start_few_at_once()
    keep_function_logs(function_log)
    answer_without_pauses()


def main() -> None:
    logging.getLogger("persistence").setLevel(logging.WARNING)  # at INFO it logs each saved file every few seconds
    patch(version("ministack"), Path(os.environ["DOCUMIND_FUNCTION_LOG"]))
    server = Server(Path(os.environ["STATE_DIR"]))
    asyncio.run(server.run(os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])))


if __name__ == "__main__":
    main()
