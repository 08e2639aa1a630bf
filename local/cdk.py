"""`python -m local.cdk deploy|destroy STAGE [options]`: runs the CDK for a stage; `local` is that of `make run`."""

import json
import os
import subprocess
import sys

from local import aws
from local.__main__ import STATE
from local.deployment import CDK, ROOT
from local.services import SEARCH_PATH
from local.steps import tell

OPTIONS = {"deploy": ["--require-approval", "never"], "destroy": ["--force"]}


def main(action: str, stage: str, *given: str) -> int:
    """Run the CDK and return its exit status."""
    record = STATE / "deployment.json"
    environment = {**os.environ, "PATH": SEARCH_PATH}
    context = {"stage": stage}
    if stage == "local":
        try:
            context = json.loads(record.read_text())["context"]
        except (OSError, ValueError, KeyError):
            tell("There is no local stage: start it with `make run`, which also deploys it.")
            return 1
        environment = aws.command_environment(context["aws_endpoint"], SEARCH_PATH)
    told = [part for name, value in context.items() for part in ("-c", f"{name}={value}")]
    command = [str(CDK), action, *told, *OPTIONS[action], *given]
    status = subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
    if stage == "local" and action == "destroy" and status == 0:
        record.unlink()  # so that the next `make run` deploys again
        tell("The local stage is removed: stop `make run` now; the next one deploys anew.")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
