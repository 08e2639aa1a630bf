"""Deploys the stack onto the local AWS when its sources or settings have changed."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from local import aws
from local.models import ModelChoice
from local.ports import Ports
from local.steps import Tell, step

ROOT = Path(__file__).resolve().parent.parent
CDK = ROOT / "node_modules" / ".bin" / "cdk"
BOOTSTRAP = ROOT / "node_modules" / "aws-cdk" / "lib" / "api" / "bootstrap" / "bootstrap-template.yaml"
SOURCES = ("infra", "functions", "layers", "cdk.json", "package-lock.json", "requirements")
CACHES = {"__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache"}  # folders that tools write into the sources
TTL_ATTRIBUTE = "expires_at"
Run = Callable[[str, list[str], Path], Path]  # name, command, directory -> its log; raises StepError


@dataclass(frozen=True)
class Deployment:
    """The URLs and stack outputs of a running system."""

    website_url: str
    websocket_url: str
    aws_endpoint: str
    search_url: str
    models_url: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """What is deployed where: the stage, its ports and models, and the state folder."""

    stage: str
    ports: Ports
    models: ModelChoice
    folder: Path

    @property
    def stack(self) -> str:
        return f"DocuMind-{self.stage}"

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.ports.aws}"

    @property
    def record(self) -> Path:
        return self.folder / "deployment.json"

    @property
    def assembly(self) -> Path:
        return self.folder / "cdk.out"

    def context(self) -> dict[str, str]:
        """Return the CDK context of the stack; it contains no secret."""
        return {
            "stage": self.stage,
            "aws_endpoint": self.endpoint,
            "search_endpoint": f"http://127.0.0.1:{self.ports.search}",
            "website_url": f"http://127.0.0.1:{self.ports.website}",
            "model_base_url": self.models.base_url,
            "chat_model": self.models.chat_model,
            "embedding_model": self.models.embedding_model,
            "embedding_dimensions": str(self.models.dimensions),
            "asks_for_dimensions": str(self.models.asks_for_dimensions),
            "ocr": self.models.ocr,
            **({"embedding_base_url": own} if (own := self.models.embedding_base_url) else {}),
        }

    def fingerprint(self) -> str:
        return fingerprint(ROOT, self.context())


def fingerprint(root: Path, context: Mapping[str, str]) -> str:
    """Return a hash over the names and contents of the sources and over the context of a deployment."""
    digest = hashlib.sha256()
    found = [path for name in SOURCES for path in (root / name, *(root / name).rglob("*"))]
    for path in sorted(path for path in found if path.is_file() and not CACHES.intersection(path.parts)):
        digest.update(f"{path.relative_to(root)}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    for name, value in sorted(context.items()):
        digest.update(f"{name}={value}\0".encode())
    return digest.hexdigest()


def recorded(plan: Plan) -> dict[str, Any]:
    """Return the fingerprint, context and outputs of the last deployment; empty if none was completed."""
    try:
        record: dict[str, Any] = json.loads(plan.record.read_text())
    except (OSError, ValueError):
        return {}
    return record


def is_current(plan: Plan) -> bool:
    """Return whether the last deployment was made from the current sources and context."""
    return recorded(plan).get("fingerprint") == plan.fingerprint()


def synthesize(plan: Plan, run: Run) -> None:
    """Write the stack's CloudFormation and its assets into the state folder."""
    context = [part for name, value in plan.context().items() for part in ("-c", f"{name}={value}")]
    run("synth", [str(CDK), "synth", "--quiet", *context, "--output", str(plan.assembly)], ROOT)


def bootstrap(plan: Plan, run: Run) -> None:
    """Bootstrap the local account for the CDK, without the bucket policy that refuses http."""
    folder = plan.folder / "bootstrap"  # without a cdk.json, whose app the CDK would run
    folder.mkdir(parents=True, exist_ok=True)
    template = folder / "template.yaml"
    template.write_text(without_resource(BOOTSTRAP.read_text(), "StagingBucketPolicy"))
    account = f"aws://{aws.ACCOUNT}/{aws.REGION}"
    run("bootstrap", [str(CDK), "bootstrap", "--template", str(template), account], folder)


def without_resource(template: str, name: str) -> str:
    """Return a YAML template, whose resources are indented by two spaces, without one of them."""
    kept: list[str] = []
    inside = False
    for line in template.splitlines(keepends=True):
        if line.strip() and not line.startswith("   "):
            inside = line.startswith(f"  {name}:")
        if not inside:
            kept.append(line)
    return "".join(kept)


def deploy(plan: Plan, run: Run) -> dict[str, str]:
    """Deploy the synthesised stack and return its outputs."""
    outputs_file = plan.folder / "outputs.json"
    options = ["--require-approval", "never", "--outputs-file", str(outputs_file), "--app", str(plan.assembly)]
    run("deploy", [str(CDK), "deploy", plan.stack, *options], plan.folder)
    outputs: dict[str, str] = json.loads(outputs_file.read_text())[plan.stack]
    return outputs


def stack_exists(plan: Plan) -> bool:
    """Return whether the local AWS has the stack: its saved state may be lost, or older than the record."""
    try:
        found = aws.client(plan.endpoint, "cloudformation").describe_stacks(StackName=plan.stack)["Stacks"][0]
    except ClientError:
        return False
    return found["StackStatus"] in {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def is_bootstrapped(plan: Plan) -> bool:
    try:
        aws.client(plan.endpoint, "ssm").get_parameter(Name="/cdk-bootstrap/hnb659fds/version")
    except ClientError:
        return False
    return True


def settle(plan: Plan, outputs: dict[str, str]) -> None:
    """Set by API what CloudFormation cannot set here: the tables' TTL, and the keys as SecureStrings."""
    dynamodb = aws.client(plan.endpoint, "dynamodb")
    for table in (outputs["RoomsTable"], outputs["MessagesTable"]):
        described = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
        if described.get("TimeToLiveStatus") != "ENABLED":
            expiry = {"Enabled": True, "AttributeName": TTL_ATTRIBUTE}
            dynamodb.update_time_to_live(TableName=table, TimeToLiveSpecification=expiry)
    keys = {"ModelKeyParameter": plan.models.key, "EmbeddingKeyParameter": plan.models.embedding_key}
    for output, key in keys.items():
        if key and output in outputs:
            aws.client(plan.endpoint, "ssm").put_parameter(
                Name=outputs[output], Value=key, Type="SecureString", Overwrite=True
            )


def bring_up_to_date(
    plan: Plan, run: Run, synthesized: Callable[[], None], save: Callable[[], None], say: Tell
) -> None:
    """Deploy if the sources have changed or the local AWS does not have the stack.

    `synthesized` waits for the synthesis, which runs while the services start; `save` makes the local AWS save its
    state. The record is written last: without one, the state has no user data and may be deleted.
    """
    if is_current(plan) and stack_exists(plan):
        return
    fingerprint = plan.fingerprint()
    if not is_bootstrapped(plan):
        with step("account bootstrapped", say):
            bootstrap(plan, run)
    with step("stack synthesised", say):
        synthesized()
    with step(f"stack {plan.stack} deployed", say):
        outputs = deploy(plan, run)
        save()
    record = {"fingerprint": fingerprint, "context": plan.context(), "outputs": outputs}
    plan.record.write_text(json.dumps(record, indent=1))
