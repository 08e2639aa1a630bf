"""`python -m local` (make run): start DocuMind on this machine, print the website's URL, stop everything on Ctrl-C."""

import os
import signal
import sys
import threading
import time
from typing import NoReturn

from local.deployment import Deployment
from local.ports import DEFAULT_BASE, Ports
from local.services import ROOT
from local.steps import StepError, step, tell
from local.system import LocalSystem

STATE = ROOT / ".state" / "run"
SAMPLES = ROOT / "local" / "samples"
DEMO_ROOM = "Demo"
WATCH_INTERVAL_S = 1
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def ports_from(environment: "os._Environ[str]") -> Ports:
    base = environment.get("PORT_BASE") or str(DEFAULT_BASE)
    if not base.isdecimal():
        raise StepError("Choosing ports", f"PORT_BASE must be a whole number, not {base}")
    return Ports.from_base(int(base))


def fill_demo_room(system: LocalSystem, deployed: Deployment) -> None:
    """Upload the sample PDFs, once for each set of data, so that deleted samples stay deleted. Raises StepError."""
    mark = system.folder / "demo-room"
    if mark.exists() and mark.read_text() == deployed.outputs["RoomsTable"]:
        return
    with step("demo room has its sample PDFs", tell):
        command = [sys.executable, "-m", "documind_cli", "upload", "--state", str(system.folder), "--room", DEMO_ROOM]
        system.run("upload of the samples", [*command, *map(str, sorted(SAMPLES.glob("*.pdf")))], ROOT)
    mark.write_text(deployed.outputs["RoomsTable"])


def read_again(system: LocalSystem, deployed: Deployment) -> None:
    """Have documents read again whose chunks are in the index of another model or mapping.

    Until a document has been read again, searches find it by its words only.
    """
    mark, index = system.folder / "search-index", deployed.outputs["SearchIndex"]
    if mark.exists() and mark.read_text() == index:
        return
    command = [sys.executable, "-m", "documind_cli", "admin", "reindex", "--stage", "local"]
    try:
        system.run("reindex", [*command, "--state", str(system.folder)], ROOT)
    except StepError:  # it was stopped or failed (see its log); the next run repeats it
        return
    mark.write_text(index)


def watch(system: LocalSystem) -> NoReturn:
    """Wait until Ctrl-C; raises StepError when a service ends by itself."""
    while True:
        if (error := system.children.died()) is not None:
            raise error
        time.sleep(WATCH_INTERVAL_S)


def interrupt(_number: int, _frame: object) -> None:
    """End the run; further signals are ignored while data are saved."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    tell("\nStopping ...")
    raise KeyboardInterrupt


def main() -> int:
    for number in SIGNALS:
        signal.signal(number, interrupt)
    started = time.monotonic()
    system: LocalSystem | None = None
    try:
        tell("DocuMind starts on this machine:")
        system = LocalSystem(STATE, ports_from(os.environ))
        deployed = system.start()
        fill_demo_room(system, deployed)
        tell(f"  answers come from {system.plan.models.label()}")
        seconds = time.monotonic() - started
        tell(f"\nDocuMind is ready after {seconds:.0f} s: {deployed.website_url}   (Ctrl-C stops it)\n")
        threading.Thread(target=read_again, args=(system, deployed), name="reindex", daemon=True).start()
        watch(system)
    except StepError as error:
        tell(f"\n{error.report()}")
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        if system:
            system.stop()


if __name__ == "__main__":
    sys.exit(main())
