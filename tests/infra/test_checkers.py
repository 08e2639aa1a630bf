"""Independent checkers of the templates: cfn-lint, and cdk-nag with a reason for each accepted finding."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from aws_cdk import App, Aspects
from cdk_nag import AwsSolutionsChecks
from cfnlint.api import ManualArgs, lint

from infra.stack import DocumindStack
from infra.stage import stage_from_context
from tests.infra.conftest import ROOT, Stack
from tests.infra.test_stack import workflow

# Of each stage some regions that have all it needs, as cfn-lint knows them.
REGIONS = {"dev": ["us-east-1", "eu-central-1", "ap-northeast-1"], "prod": ["us-east-1", "eu-central-1", "ap-east-2"]}
WRITTEN_BY_THE_CDK = ["W3005"]  # a DependsOn beside a reference: redundant, but the CDK always writes it
EXCEPTIONS = {
    "AwsSolutions-APIG1": "access logs would hold the token, which a browser can send in the query string only",
    "AwsSolutions-APIG4": "a WebSocket API authorises $connect, and every route of that connection follows from it",
    "AwsSolutions-CFR1": "the page is for every country",
    "AwsSolutions-CFR2": "the page is static files; a firewall costs more than the whole stage",
    "AwsSolutions-CFR3": "logs of who fetched static files are personal data that nobody here needs",
    "AwsSolutions-CFR4": "without a domain of one's own CloudFront decides on TLS; with one, it is 1.2 or newer",
    "AwsSolutions-COG1": "twelve characters of three kinds; symbols make passwords hard to type, not to guess",
    "AwsSolutions-COG2": "people may be invited who have no second factor",
    "AwsSolutions-COG8": "the Plus plan costs by the person; nothing of it is used",
    "AwsSolutions-DDB3": "dev keeps no backup of live messages; prod does",
    "AwsSolutions-L1": "the locked packages are built for python3.13; the CDK's own function has the CDK's runtime",
    "AwsSolutions-S1": "every access is by our functions or by a link of one key; logs would cost as much again",
    "AwsSolutions-SF1": "errors only: the data of an execution are what people ask",
    "AwsSolutions-SF2": "traces would be paid for each question; the logs carry the question's id throughout",
    "AwsSolutions-SQS3": "the place for what the stream's event source gave up, which the rule does not see",
    "AwsSolutions-OS1": "functions outside a VPC reach it; only granted roles may, by signed requests",
    "AwsSolutions-OS3": "functions have no fixed addresses; see OS1",
    "AwsSolutions-OS4": "one or two small nodes need no masters of their own",
    "AwsSolutions-OS5": "without an access policy the domain takes requests signed by granted roles only",
    "AwsSolutions-OS7": "search_nodes=2 adds a zone; chunks can always be made again from the PDFs",
    "AwsSolutions-OS9": "slow logs hold what people ask",
}
# Wildcards in resources, never in actions (test_grants): objects below a prefix, posts to any connection, versions.
WILDCARDS = re.compile(
    r"/(uploads|pages)/\*|Files\w+\.Arn>/\*|-assets-.*/\*|@connections/\*|Domain\w+\.Arn>/\*|"
    r"AnswerFunction\w+\.Arn>:\*|Resource::\*"  # actions for which AWS has no resource, listed in test_grants
)


def test_cfn_lint_finds_nothing(hosted: Stack) -> None:
    config = ManualArgs(regions=REGIONS[hosted.stage], ignore_checks=WRITTEN_BY_THE_CDK)
    assert [str(each) for each in lint(json.dumps(hosted.template), config=config)] == []


def test_asl_validator_accepts_the_workflow_and_checks_its_expressions(hosted: Stack, tmp_path: Path) -> None:
    checker = [str(ROOT / "node_modules" / ".bin" / "asl-validator"), "--no-arn-check", "--json-path"]
    definition = tmp_path / "workflow.json"
    text = json.dumps(workflow(hosted)).replace("arn:arn:", "arn:aws:")
    definition.write_text(text)
    done = subprocess.run([*checker, str(definition)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    definition.write_text(text.replace("$states.input.Error %}", "$states.input. %}"))
    assert subprocess.run([*checker, str(definition)], capture_output=True, check=False).returncode != 0


@pytest.mark.parametrize("stage", ["dev", "prod"])
def test_what_cdk_nag_finds_has_a_reason(stage: str, tmp_path: Path) -> None:
    found = findings(stage, tmp_path)
    assert len({rule for rule, _ in found}) >= 10
    for rule, detail in found:
        assert WILDCARDS.search(detail) if rule == "AwsSolutions-IAM5" else rule in EXCEPTIONS, (rule, detail)


def findings(stage: str, folder: Path) -> set[tuple[str, str]]:
    """Return rule and detail of each finding; the CDK writes annotations to a report, and the synthesis fails."""
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(outdir=str(folder), context={**flags, "aws:cdk:bundling-stacks": [], "stage": stage})
    chosen = stage_from_context(app.node.try_get_context)
    DocumindStack(app, chosen.stack, stage=chosen)
    Aspects.of(app).add(AwsSolutionsChecks())
    with pytest.raises(RuntimeError, match="ValidationFailed"):
        app.synth()
    report = json.loads((folder / "validation-report.json").read_text())
    told = [violation["description"] for plugin in report["pluginReports"] for violation in plugin["violations"]]
    found = (re.match(r"(AwsSolutions-\w+)(\[.*\])?:", text) for text in told)
    assert all(told)
    return {(match[1], match[2] or "") for match in found if match}
