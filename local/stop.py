"""`python -m local.stop`: stops leftover processes of `.state/run` before it is deleted; refuses if a run is alive."""

import sys

from local import processes
from local.__main__ import STATE

if __name__ == "__main__":
    launcher = processes.remembered("launcher", STATE)
    if launcher:
        sys.exit(f"DocuMind is running here (process {launcher.pid}): stop it with Ctrl-C first.")
    processes.stop_leftovers(STATE)
