"""The checks before and after a deployment; each line is one finding with its remedy."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from documind.clients.model_check import Finding, Kind
from documind.clients.queue import Queue
from documind_cli.admin.stage import Account, Stage, StageError

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
BOOTSTRAP_NEEDED = 6  # https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html
CONCURRENCY_NEEDED = 100
DEAD_LETTERS = {
    "UploadsDeadLetters": "uploads",
    "ErasuresDeadLetters": "erasures",
    "ExpiryFailures": "expired messages",
}


@dataclass(frozen=True)
class Line:
    """One printed finding; `is_fault` makes the exit status 1."""

    text: str
    is_fault: bool = False

    def __str__(self) -> str:
        return f"{'FAULT' if self.is_fault else 'ok   '} {self.text}"


def remedies(stage: Stage) -> Mapping[Kind, str]:
    """Return the remedy for each kind of fault of the models and the search of a stage."""
    key, deploy = stage.typed("key"), stage.deployment()
    store = f"Store one that it takes with `{key}`; it is taken up without a deployment."
    return {
        "key_missing": f"Store it with `{key}`.",
        "key_refused": store,
        "unreachable": f"Mend its address (model_base_url, embedding_base_url) and run `{deploy}`, or wait for it.",
        "unknown_model": f"Name another one (chat_model, embedding_model) and run `{deploy}` again.",
        "forbidden": 'Ask the provider for access; on Bedrock see "Amazon Bedrock" in docs/operations.md.',
        "refused": "Look the code up at the provider: temperature or reasoning_effort, a limit, or no credit.",
        "shut_down_soon": f"Choose its successor (chat_model) and run `{deploy}` again before then.",
        "wrong_dimensions": f"Set embedding_dimensions to what it gives and run `{deploy}` again.",
        "no_embedding": "Set embedding_model to one that it embeds with, embedding_base_url to one that embeds, or "
        f"asks_for_dimensions=false where it cannot choose, and run `{deploy}` again.",
        "search_unreachable": "A search that sleeps takes up to a minute: try again, then look at its state in AWS.",
        "search_forbidden": "New rights take a minute: try again, then "
        f"`aws cloudformation detect-stack-drift --stack-name {stage.stack}`.",
        "search_refuses_index": "This kind of search does not take the mapping: report it with these codes.",
    }


def before(account: Account) -> Iterator[Line]:
    """Yield the findings about an account before a deployment; raises StageError when AWS cannot be called."""
    from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415

    try:
        identity = account.client("sts").get_caller_identity()
    except (BotoCoreError, ClientError) as error:
        raise StageError(
            f"AWS does not know you ({type(error).__name__}): set AWS_PROFILE, or sign in anew."
        ) from error
    region = account.client("sts").meta.region_name
    yield Line(f"account {identity['Account']}, region {region}")
    yield _bootstrapped(account, identity["Account"], region)
    limit = account.client("lambda").get_account_settings()["AccountLimit"]["ConcurrentExecutions"]
    asked = " (a new account's limit: ask for 1,000 in Service Quotas)" if limit < CONCURRENCY_NEEDED else ""
    yield Line(f"Lambda runs {limit} functions at a time{asked}")


def _bootstrapped(account: Account, number: str, region: str) -> Line:
    from botocore.exceptions import ClientError  # noqa: PLC0415

    try:
        version = int(account.client("ssm").get_parameter(Name=BOOTSTRAP)["Parameter"]["Value"])
    except ClientError:
        version = 0
    if version < BOOTSTRAP_NEEDED:
        # With the project's own Node.js, as the machine may have no other.
        run = f"run `PATH=.venv/bin:$PATH node_modules/.bin/cdk bootstrap aws://{number}/{region}` once"
        return Line(f"The CDK is not at home in this account and region: {run}.", is_fault=True)
    return Line(f"the CDK's bootstrap has version {version}")


def after(stage: Stage) -> Iterator[Line]:
    """Yield the findings about a deployed stage."""
    yield Line(f"stack {stage.stack}")
    yield from found(stage)
    for output, of in DEAD_LETTERS.items():
        if count := Queue(stage.client("sqs"), stage.outputs[output]).waiting():
            yield Line(f"Dead letters of {of} are waiting ({count}): `{stage.typed('redrive')}`.", is_fault=True)
    yield Line(f"page {stage.outputs['WebsiteUrl']}")
    if target := stage.outputs.get("DnsTarget"):
        yield Line(f"the DNS record of that domain has to point at {target} (CNAME, or an alias in Route 53)")


def found(stage: Stage) -> Iterator[Line]:
    """Yield the findings of the stage's own check of its models and its search."""
    for each in stage.check():
        finding = Finding(**each)  # type: ignore[arg-type] # a kind that we know
        yield Line(finding.sentence(remedies(stage)), is_fault=finding.is_fault)
