"""Deploy the real stack onto the local AWS, and only when something that decides it has changed."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import ClientError

from local import aws, inputs
from local.models import ModelChoice
from local.ports import Ports
from local.steps import Tell, step

ROOT = Path(__file__).resolve().parent.parent
CDK = ROOT / "node_modules" / ".bin" / "cdk"
TTL_ATTRIBUTE = "expires_at"
Run = Callable[[str, list[str], Path], Path]  # name, command, directory -> its log; raises StepError


@dataclass(frozen=True)
class Deployment:
    """A running system, for those who use it: the page, tests, the command line."""

    website_url: str
    websocket_url: str
    aws_endpoint: str
    search_url: str
    models_url: str
    outputs: dict[str, str]


@dataclass(frozen=True)
class Plan:
    """What is deployed where: the stage, the addresses it is told, and the folder that keeps its state."""

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
        """What the stack is told on the command line; it holds no secret."""
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
        return inputs.fingerprint(ROOT, self.context())


def is_current(plan: Plan) -> bool:
    """True if the last deployment was made from the sources as they are now."""
    try:
        return bool(json.loads(plan.record.read_text())["fingerprint"] == plan.fingerprint())
    except (OSError, ValueError, KeyError):
        return False


def synthesize(plan: Plan, run: Run) -> None:
    """Write the stack's CloudFormation and its assets into the state folder."""
    context = [part for name, value in plan.context().items() for part in ("-c", f"{name}={value}")]
    run("synth", [str(CDK), "synth", "--quiet", *context, "--output", str(plan.assembly)], ROOT)


def bootstrap(plan: Plan, run: Run) -> None:
    """Give the local account what the CDK needs, without the bucket policy that refuses http."""
    folder = plan.folder / "bootstrap"  # an empty one: the CDK would run the app of a folder that has a cdk.json
    folder.mkdir(parents=True, exist_ok=True)
    shown = run("bootstrap-template", [str(CDK), "bootstrap", "--show-template"], folder)
    template = folder / "template.yaml"
    template.write_text(without_resource(shown.read_text(), "StagingBucketPolicy"))
    account = f"aws://{aws.ACCOUNT}/{aws.REGION}"
    run("bootstrap", [str(CDK), "bootstrap", "--template", str(template), account], folder)


def without_resource(template: str, name: str) -> str:
    """Take one resource out of a YAML template whose resources are indented by two spaces."""
    kept: list[str] = []
    inside = False
    for line in template.splitlines(keepends=True):
        if line.strip() and not line.startswith("   "):
            inside = line.startswith(f"  {name}:")
        if not inside:
            kept.append(line)
    return "".join(kept)


def deploy(plan: Plan, run: Run) -> dict[str, str]:
    """Deploy what was synthesised and return the stack's outputs."""
    outputs_file = plan.folder / "outputs.json"
    options = ["--require-approval", "never", "--outputs-file", str(outputs_file), "--app", str(plan.assembly)]
    run("deploy", [str(CDK), "deploy", plan.stack, *options], plan.folder)
    outputs: dict[str, str] = json.loads(outputs_file.read_text())[plan.stack]
    return outputs


def stack_exists(plan: Plan) -> bool:
    """True if the local AWS knows the stack: its state may be older than our record, or gone."""
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
    """Do by API what CloudFormation cannot do here: expiry of items, and the model's key as a SecureString."""
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
    """Deploy when the sources or the state ask for it.

    `synthesized` waits for the synthesis that runs beside the start of the services; `save` has the local AWS keep what
    was deployed. The record is written last: without one, there is nothing in the state that anybody could miss.
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


def deployed_outputs(plan: Plan) -> dict[str, str]:
    """Outputs of the stack as it was last deployed."""
    outputs: dict[str, str] = json.loads(plan.record.read_text())["outputs"]
    return outputs
