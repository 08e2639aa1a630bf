"""One whole DocuMind on this machine: services, deployed stack, website. `make run` starts one, tests start others."""

import os
import secrets
import shutil
import signal
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from infra import website_files
from infra.website_config import WebsiteConfig, security_headers
from local import accounts, aws, aws_state, deployment, processes, services
from local.children import Children
from local.deployment import Deployment, Plan
from local.models import ModelChoice, asked, choose
from local.ports import Ports
from local.services import ROOT, SEARCH_PATH
from local.steps import StepError, Tell, step, tell
from local.website_server import SESSION_PATH, WebsiteServer

POLL_S = 0.05
SAVE_TIMEOUT_S = 20
DEMO_USER = "demo"
LAUNCHER = "launcher"


class LocalSystem:
    """A system with its own state folder. `start` may be called again after `stop`; the data are kept."""

    def __init__(self, state_dir: Path, ports: Ports, stage: str = "local", say: Tell = tell) -> None:
        self.folder = state_dir.resolve()
        self.ports = ports
        self.say = say
        self.plan = Plan(stage, ports, self.choose_models(), self.folder)
        self.children = Children(self.folder, say)
        self.website: WebsiteServer | None = None
        self.owns_folder = False

    def choose_models(self) -> ModelChoice:
        return choose(os.environ, ROOT / ".env", f"http://127.0.0.1:{self.ports.models}/v1")

    def start(self) -> Deployment:
        """Start everything and return its addresses; after an error, such as StepError, nothing is left running."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.take_over()
        try:
            self.ports.require_free()
            if not self.plan.models.is_offline:
                with step("models answer", self.say):
                    self.plan = replace(self.plan, models=asked(self.plan.models, self.say))
            return self.start_parts()
        except BaseException:
            self.stop()
            raise

    def take_over(self) -> None:
        """Record this process as the launcher of this folder, stop leftovers of an earlier run, and report lost data.

        Raises StepError if another launcher is running.
        """
        other = processes.remembered(LAUNCHER, self.folder)
        if other and other.pid != os.getpid():
            raise StepError("Starting", f"this folder is already running (process {other.pid}); stop that one first")
        self.children.stopping.clear()
        if found := processes.stop_leftovers(self.folder, keep=(LAUNCHER,)):
            self.say(f"  the last run was killed; stopped what it left behind: {', '.join(found)}")
        processes.remember(LAUNCHER, os.getpid(), self.folder)
        self.owns_folder = True
        if not self.plan.record.exists():  # the first deployment was not completed: delete its state
            shutil.rmtree(self.folder / "aws", ignore_errors=True)
        if lost := what_was_lost(self.folder / "aws" / "state"):
            self.say(f"  {lost}")
        self.empty_temporary_folder()

    def empty_temporary_folder(self) -> None:
        """Make an empty temporary folder for the functions; remove the last run's unpacked layers in the background."""
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
            models = pool.submit(self.children.serve, services.models(self.ports))
            aws_state.move(self.folder / "aws" / "state", self.ports.aws)
            self.children.serve(services.ministack(self.folder, self.ports, self.plan.endpoint))

            def synthesized() -> None:
                (synthesis or pool.submit(deployment.synthesize, self.plan, self.run)).result()

            deployment.bring_up_to_date(self.plan, self.run, synthesized, self.save_aws, self.say)
            outputs: dict[str, str] = deployment.recorded(self.plan)["outputs"]
            deployment.settle(self.plan, outputs)
            models.result()
            search.result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)
        deployed = Deployment(
            website_url=f"http://127.0.0.1:{self.ports.website}",
            websocket_url=outputs["WebSocketUrl"],
            aws_endpoint=self.plan.endpoint,
            search_url=f"http://127.0.0.1:{self.ports.search}",
            models_url=f"http://127.0.0.1:{self.ports.models}",
            outputs=outputs,
        )
        self.start_website(deployed)
        return deployed

    def start_search(self, jvm_options: Sequence[str] = services.QUICK_TO_START) -> None:
        self.children.serve(services.opensearch(self.folder, self.ports, jvm_options))

    def run(self, name: str, command: list[str], directory: Path) -> Path:
        """Run a command of the CDK against the local AWS and return its log; raises StepError when it fails."""
        return self.children.run(name, command, aws.command_environment(self.plan.endpoint, SEARCH_PATH), directory)

    def start_website(self, deployed: Deployment) -> None:
        with step("website", self.say):
            try:
                website_files.build(ROOT / "web", ROOT / "node_modules", self.folder / "web")
            except FileNotFoundError as error:
                raise StepError("Putting the page together", str(error)) from error
            accounts.create_user(deployed, DEMO_USER, self.password())
            config = WebsiteConfig.from_outputs(deployed.outputs, SESSION_PATH)
            headers = security_headers([config.websocket_url, deployed.aws_endpoint, config.issuer, config.login_url])

            def session(user: str) -> dict[str, str | int]:
                user = user or DEMO_USER
                tokens = accounts.sign_in_or_up(deployed, user, self.password())
                token: dict[str, str | int] = {"access_token": tokens.access_token, "expires_in": tokens.expires_in}
                return {**token, "user": user, "offline_model": self.plan.models.is_offline}

            self.website = WebsiteServer(self.ports.website, self.folder / "web", config, headers, session)
            self.website.start()
            (self.folder / "website-url").write_text(deployed.website_url)  # for the command line

    def password(self) -> str:
        """Return the password of the users whom the website server signs in, generated once for each state folder."""
        path = self.folder / "demo-password"
        if not path.exists():
            path.touch(mode=0o600)
            path.write_text(f"Aa1!{secrets.token_urlsafe(18)}")
        return path.read_text()

    def save_aws(self) -> None:
        """Make the local AWS save its whole state now, and wait for that."""
        mark = self.folder / "aws" / "state" / "saved"
        mark.unlink(missing_ok=True)
        os.kill(self.children.services["aws"].process.pid, signal.SIGUSR1)
        give_up_at = time.monotonic() + SAVE_TIMEOUT_S
        while not mark.exists() and time.monotonic() < give_up_at:
            time.sleep(POLL_S)

    def stop(self) -> None:
        """Stop the website, then all processes; idempotent."""
        self.children.stopping.set()
        with step("stopped", self.say if self.children.services else lambda _line: None):
            if self.website:
                self.website.stop()
                self.website = None
            self.children.stop()
        if self.owns_folder:  # otherwise the record is that of another run
            (self.folder / "processes" / f"{LAUNCHER}.json").unlink(missing_ok=True)
            self.owns_folder = False


class OfflineSystem(LocalSystem):
    """A system that never uses the user's model key: for tests and benchmarks."""

    def choose_models(self) -> ModelChoice:
        return choose({}, Path(os.devnull), f"http://127.0.0.1:{self.ports.models}/v1")


def what_was_lost(state: Path) -> str | None:
    """Return a sentence about the data lost when the local AWS was killed; None if it stopped and saved everything."""
    saved = state / "dynamodb.json"
    if not saved.exists() or (state / "stopped").exists():
        return None
    when = time.strftime("%H:%M:%S", time.localtime(saved.stat().st_mtime))
    return f"the local AWS was killed: data was last saved at {when}, what happened in the seconds after that is lost"
