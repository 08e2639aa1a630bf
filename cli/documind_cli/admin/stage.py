"""A deployed stage: the AWS account, the outputs of its stack, and its check function."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from documind_cli.local_run import STATE

LOCAL = "local"
LOCAL_ACCOUNT, LOCAL_REGION = "000000000000", "us-east-1"
DEPLOYED = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE"}


class StageError(OSError):
    """A stage cannot be used; the message says why, and what to do."""


@dataclass(frozen=True)
class Account:
    """The AWS account of the operator's credentials, or a local AWS at `endpoint`."""

    endpoint: str | None = None

    def client(self, service: str) -> Any:
        """Return a boto3 client; raises StageError when no region is set."""
        return self._session().client(service, **self._options())

    def table(self, name: str) -> Any:
        """Return a table of DynamoDB; raises StageError when no region is set."""
        return self._session().resource("dynamodb", **self._options()).Table(name)

    def _session(self) -> Any:
        import boto3  # noqa: PLC0415  (takes 0.3 s, for admin commands only)
        from botocore.exceptions import ProfileNotFound  # noqa: PLC0415

        try:
            if self.endpoint:
                return boto3.Session(LOCAL_ACCOUNT, "test", region_name=LOCAL_REGION)
            # Other tools of AWS read AWS_REGION, boto3 by itself AWS_DEFAULT_REGION only.
            session = boto3.Session(region_name=os.environ.get("AWS_REGION") or None)
        except ProfileNotFound as error:
            raise StageError(f"There is no profile {os.environ.get('AWS_PROFILE')}: mend AWS_PROFILE.") from error
        if not session.region_name:
            raise StageError("No region is set: export AWS_REGION, or name one in the profile of AWS_PROFILE.")
        return session

    def _options(self) -> dict[str, Any]:
        from botocore.config import Config  # noqa: PLC0415

        patient = Config(read_timeout=120, retries={"total_max_attempts": 3})
        return {"endpoint_url": self.endpoint, "config": patient}


@dataclass(frozen=True)
class Stage:
    """A deployed stage, with the outputs of its stack."""

    name: str
    stack: str
    account: Account
    outputs: dict[str, str]

    def client(self, service: str) -> Any:
        return self.account.client(service)

    def typed(self, command: str) -> str:
        """Return the shell command for a command of `documind admin` on this stage."""
        stack = "" if self.stack == default_stack(self.name) else f" --stack {self.stack}"
        return f".venv/bin/documind admin {command} --stage {self.name}{stack}"

    def deployment(self) -> str:
        """Return the shell command that deploys this stage."""
        return deployment(self.name, self.stack)

    def table(self, output: str) -> Any:
        """Return the table whose name is in this output."""
        return self.account.table(self.outputs[output])

    def check(self) -> list[dict[str, str]]:
        """Invoke the stage's check of models and search and return its findings; raises StageError when it fails."""
        function = self.outputs["CheckFunction"]
        answer = self.client("lambda").invoke(FunctionName=function, Payload=b"{}")
        findings = json.loads(answer["Payload"].read())
        if "FunctionError" in answer or not isinstance(findings, list):
            raise StageError(f"The check failed: read the log of the function {function}.")
        return findings


def is_of_aws(error: Exception) -> bool:
    """Return whether an exception is one of botocore's, without importing botocore."""
    return any(each.__module__ == "botocore.exceptions" for each in type(error).__mro__)


def default_stack(name: str) -> str:
    """Return the name of a stage's stack unless `stack_name` sets another."""
    return f"DocuMind-{name}"


def deployment(name: str, stack: str) -> str:
    """Return the shell command that deploys a stage."""
    chosen = "" if stack == default_stack(name) else f' WITH="-c stack_name={stack}"'
    return f"make deploy STAGE={name}{chosen}"


def deployed(name: str, stack: str | None = None, state: Path | None = None) -> Stage:
    """Return a deployed stage; raises StageError when it does not exist or cannot be used."""
    if name == LOCAL:
        return _local(state or STATE)
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    account, stack = Account(), stack or default_stack(name)
    cloudformation = account.client("cloudformation")
    deploy = f"deploy it with `{deployment(name, stack)}`"
    try:
        (found,) = cloudformation.describe_stacks(StackName=stack)["Stacks"]
    except BotoCoreError as error:
        raise StageError(f"AWS cannot be asked ({error}): set AWS_PROFILE, or sign in anew.") from error
    except ClientError as error:
        if "does not exist" not in str(error):
            raise StageError(
                f"AWS refuses to tell of the stack {stack} ({error.response['Error']['Code']})."
            ) from error
        region = cloudformation.meta.region_name
        raise StageError(f"There is no stack {stack} in {region} of this account: {deploy}.") from error
    if found["StackStatus"] not in DEPLOYED:
        raise StageError(f"The stack {stack} is {found['StackStatus']}: wait for its end, or {deploy} again.")
    return Stage(name, stack, account, {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])})


def _local(folder: Path) -> Stage:
    try:
        outputs: dict[str, str] = json.loads((folder / "deployment.json").read_text())["outputs"]
    except (OSError, ValueError, KeyError) as error:
        raise StageError(f"There is no local stage in {folder}: start it with `make run`.") from error
    stage = Stage(LOCAL, default_stack(LOCAL), Account(outputs["LoginUrl"]), outputs)
    from botocore.exceptions import BotoCoreError  # noqa: PLC0415

    try:
        stage.client("sts").get_caller_identity()
    except BotoCoreError as error:
        raise StageError(f"The local stage in {folder} does not run: start it with `make run`.") from error
    return stage
