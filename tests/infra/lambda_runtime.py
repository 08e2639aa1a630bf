"""Invokes a function as Lambda does: with its package and layers, AWS's runtime client and its real output."""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

REQUEST_ID = "8e1a1f0c-5d0e-4d5e-9f5b-0f6a8e0c7b11"
FUNCTION_NAME = "the-function"
TIMEOUT_S = 60
# What https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html lists, as far as the code reads it.
RESERVED_VARIABLES = {
    "AWS_LAMBDA_FUNCTION_NAME": FUNCTION_NAME,
    "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
    "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
    "AWS_LAMBDA_LOG_FORMAT": "JSON",
    "AWS_LAMBDA_LOG_LEVEL": "INFO",
    "AWS_REGION": "us-east-1",
    "AWS_DEFAULT_REGION": "us-east-1",
    "AWS_ACCESS_KEY_ID": "nobody",
    "AWS_SECRET_ACCESS_KEY": "nobody",
    "AWS_EC2_METADATA_DISABLED": "true",
}


@dataclass(frozen=True)
class Invocation:
    """The result of an invocation: the response, or the error that the runtime reported, and the log lines."""

    response: Any
    error: dict[str, Any] | None
    lines: list[dict[str, Any]]
    output: str
    took_s: float  # from the start of the process to its response

    def line(self, message: str) -> dict[str, Any]:
        """Return the one line with this message."""
        (line,) = [line for line in self.lines if line.get("message") == message]
        return line

    @property
    def entries(self) -> list[dict[str, Any]]:
        """Return the log lines that are not metrics."""
        return [line for line in self.lines if "_aws" not in line]


class _RuntimeApi(ThreadingHTTPServer):
    """Serves one event, then lets the runtime wait: https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html."""

    daemon_threads = True

    def __init__(self, event: Any) -> None:
        super().__init__(("127.0.0.1", 0), _RuntimeRequest)
        self.events = [event]
        self.results: dict[str, Any] = {}
        self.answered_at = 0.0
        self.done = threading.Event()


class _RuntimeRequest(BaseHTTPRequestHandler):
    server: _RuntimeApi

    def do_GET(self) -> None:
        if not self.server.events:  # everything of the first invocation has been written
            self.server.done.set()
            time.sleep(TIMEOUT_S)
            return
        body = json.dumps(self.server.events.pop()).encode()
        self.send_response(200)
        self.send_header("Lambda-Runtime-Aws-Request-Id", REQUEST_ID)
        self.send_header("Lambda-Runtime-Deadline-Ms", str(int((time.time() + TIMEOUT_S) * 1_000)))
        self.send_header("Lambda-Runtime-Invoked-Function-Arn", f"arn:aws:lambda:us-east-1:1:function:{FUNCTION_NAME}")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answered_at = time.perf_counter()
        self.server.results[self.path.rpartition("/")[2]] = json.loads(body or "null")
        if self.path.endswith("/init/error"):
            self.server.done.set()
        self.send_response(202)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_arguments: object) -> None:
        """Do not log: the test's output must stay empty."""


def invoke(
    handler: str, event: Any, *, package: Path, layers: Sequence[Path], environment: Mapping[str, str]
) -> Invocation:
    """Run the handler on one event; `package` contains the function's folder, `layers` other importable modules."""
    with _serving(_RuntimeApi(event)) as api:
        variables = {
            **RESERVED_VARIABLES,
            "PATH": os.environ["PATH"],
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{api.server_address[1]}",
            "LAMBDA_TASK_ROOT": str(package),
            "PYTHONPATH": os.pathsep.join(map(str, (package, *layers))),
            **environment,
        }
        command = [sys.executable, "-S", "-P", "-m", "awslambdaric", handler]
        started_at = time.perf_counter()
        with subprocess.Popen(
            command, cwd=package, env=variables, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as runtime:
            threading.Thread(target=_tell_end, args=(runtime, api.done), daemon=True).start()
            assert api.done.wait(TIMEOUT_S), f"{handler} did not end"
            runtime.kill()
            output = runtime.stdout.read() if runtime.stdout else ""
    lines = [json.loads(line) for line in output.splitlines() if line.startswith("{")]
    response, error = api.results.get("response"), api.results.get("error")
    return Invocation(response, error, lines, output, api.answered_at - started_at)


def _tell_end(runtime: "subprocess.Popen[str]", done: threading.Event) -> None:
    """Set `done` when the runtime ends by itself, as it does if it cannot import the handler."""
    runtime.wait()
    done.set()


@contextmanager
def _serving(server: _RuntimeApi) -> Iterator[_RuntimeApi]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
