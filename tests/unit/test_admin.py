"""The operator's commands against an in-memory account: what each prints and leaves behind."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from moto import mock_aws

from documind.clients.model_check import WHAT, Finding
from documind.clients.queue import Queue
from documind_cli.__main__ import main
from documind_cli.admin import commands, doctor, redrive
from documind_cli.admin.stage import Account, Stage


@pytest.fixture(autouse=True)
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    with mock_aws():
        yield


@pytest.fixture
def outputs(monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Fake a deployed stage whose check finds no fault; return the outputs of its stack."""
    sqs = boto3.client("sqs")
    uploads, letters = (sqs.create_queue(QueueName=name)["QueueUrl"] for name in ("uploads", "letters"))
    found = {
        "WebsiteUrl": "https://page.example",
        "UserPoolId": "eu-central-1_people",
        "ModelKeyParameter": "/DocuMind-dev/model-key",
        "CheckFunction": "check",
        **dict.fromkeys(("UploadsQueue", "ErasuresQueue"), uploads),
        **dict.fromkeys(doctor.DEAD_LETTERS, letters),
    }
    stage = Stage("dev", "DocuMind-dev", Account(), found)
    monkeypatch.setattr(commands, "deployed", lambda *_: stage)
    monkeypatch.setattr(Stage, "check", lambda _: [{"kind": "usable", "subject": "chat", "detail": ""}])
    return found


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    status = main(["admin", *arguments])
    printed = capsys.readouterr()
    return status, printed.out + printed.err


def test_a_missing_stage_is_reported_with_a_remedy(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cloudformation = boto3.client("cloudformation")
    missing = "Stack with id DocuMind-dev does not exist"
    with Stubber(cloudformation) as stubber:
        stubber.add_client_error("describe_stacks", "ValidationError", missing)
        monkeypatch.setattr(Account, "client", lambda *_: cloudformation)
        status, told = run(capsys, "doctor", "--stage", "dev")
    assert status == 1
    assert "There is no stack DocuMind-dev in eu-central-1 of this account" in told
    assert "make deploy STAGE=dev" in told


def test_the_region_comes_from_the_variables_of_the_readme_or_the_sdk(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By default boto3 reads AWS_DEFAULT_REGION only.

    https://docs.aws.amazon.com/boto3/latest/guide/configuration.html#using-environment-variables
    """
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    assert "region eu-west-1" in next(doctor.before(Account())).text
    monkeypatch.delenv("AWS_REGION")
    assert "region eu-central-1" in next(doctor.before(Account())).text
    monkeypatch.delenv("AWS_DEFAULT_REGION")
    status, told = run(capsys, "doctor", "--before")
    assert (status, "export AWS_REGION" in told) == (1, True)


def test_a_missing_profile_is_reported(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    assert run(capsys, "doctor") == (1, "documind: There is no profile nobody: mend AWS_PROFILE.\n")


def test_a_stage_of_another_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = run(capsys, "doctor", "--stage", "moon")
    assert (status, "'moon' is not one of 'local', 'dev', 'prod'" in told) == (2, True)


def test_remedies_name_a_second_stack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stage, "check", lambda _: [{"kind": "key_missing"}])
    found = next(doctor.found(Stage("dev", "Trial", Account(), {})))
    assert "`.venv/bin/documind admin key --stage dev --stack Trial`" in found.text
    assert Stage("dev", "Trial", Account(), {}).deployment() == 'make deploy STAGE=dev WITH="-c stack_name=Trial"'


def test_a_refusal_by_aws_is_reported_in_its_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "sk-new\n", raising=False)
    outputs["ModelKeyParameter"] = "/aws/model-key"
    status, told = run(capsys, "key")
    assert (status, told.count("\n"), "No access to reserved parameter name" in told) == (1, 1, True)


def test_a_missing_local_stage_is_reported(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    status, told = run(capsys, "doctor", "--stage", "local", "--state", str(tmp_path))
    assert (status, "start it with `make run`" in told) == (1, True)


def test_a_missing_bootstrap_is_reported_before_a_deployment() -> None:
    lines = doctor.before(Account())
    assert "eu-central-1" in next(lines).text
    bootstrap = next(lines)
    assert bootstrap.is_fault
    assert "cdk bootstrap aws://123456789012/eu-central-1" in bootstrap.text


def test_a_low_limit_of_concurrent_functions_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    boto3.client("ssm").put_parameter(Name=doctor.BOOTSTRAP, Value="30", Type="String")
    functions = boto3.client("lambda")
    real = Account.client
    monkeypatch.setattr(Account, "client", lambda self, name: functions if name == "lambda" else real(self, name))
    with Stubber(functions) as stubber:
        stubber.add_response("get_account_settings", {"AccountLimit": {"ConcurrentExecutions": 10}})
        lines = list(doctor.before(Account()))
    assert not any(line.is_fault for line in lines)
    assert "ask for 1,000" in lines[-1].text


@pytest.mark.parametrize("kind", [kind for kind in WHAT if kind != "usable"])
def test_each_fault_of_models_and_search_has_a_remedy(kind: Any) -> None:
    finding = Finding(kind, "a subject", "a detail")
    remedies = doctor.remedies(Stage("prod", "DocuMind-prod", Account(), {}))
    assert remedies[kind] in finding.sentence(remedies)
    assert finding.is_fault


@pytest.mark.usefixtures("outputs")
def test_a_fault_of_the_check_decides_the_exit_status(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(capsys, "doctor")[0] == 0
    wrong = {"kind": "wrong_dimensions", "subject": "embed", "detail": "512 dimensions where 1024 are set"}
    monkeypatch.setattr(Stage, "check", lambda _stage: [wrong])
    status, told = run(capsys, "doctor")
    assert status == 1
    assert "FAULT embed gives vectors of 512 dimensions where 1024 are set. Set embedding_dimensions" in told


def test_dead_letters_are_reported_and_redriven(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, outputs: dict[str, str]
) -> None:
    monkeypatch.setattr(redrive, "LONG_POLL_S", 0)
    sqs = boto3.client("sqs")
    for number in range(12):
        sqs.send_message(QueueUrl=outputs["UploadsDeadLetters"], MessageBody=f"{number}")
    status, told = run(capsys, "doctor")
    assert (status, "documind admin redrive" in told) == (1, True)
    assert run(capsys, "redrive")[0] == 0
    assert [Queue(sqs, outputs[name]).waiting() for name in ("UploadsDeadLetters", "UploadsQueue")] == [0, 12]


@pytest.mark.usefixtures("outputs")
def test_all_servers_of_a_queue_are_asked_for_dead_letters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    sqs = boto3.client("sqs")
    monkeypatch.setattr(Account, "client", lambda *_: sqs)
    asked: list[dict[str, Any]] = []

    def note(params: dict[str, Any], **_: object) -> None:
        asked.append(dict(params))
        params["WaitTimeSeconds"] = 0

    sqs.meta.events.register("provide-client-params.sqs.ReceiveMessage", note)
    assert run(capsys, "redrive")[0] == 0
    assert asked
    assert all(each["WaitTimeSeconds"] > 0 for each in asked)


@pytest.mark.usefixtures("outputs")
def test_a_key_is_stored_as_a_secret_and_checked(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False, raising=False)
    monkeypatch.setattr("sys.stdin.readline", lambda: "sk-new\n", raising=False)
    status, told = run(capsys, "key")
    assert (status, "sk-new" in told) == (0, False)
    kept = boto3.client("ssm").get_parameter(Name="/DocuMind-dev/model-key", WithDecryption=True)["Parameter"]
    assert (kept["Type"], kept["Value"]) == ("SecureString", "sk-new")


@pytest.mark.usefixtures("outputs")
def test_a_user_is_invited_with_the_address_of_the_page(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    cognito = boto3.client("cognito-idp")
    monkeypatch.setattr(Account, "client", lambda *_: cognito)
    named = {"UserPoolId": "eu-central-1_people", "Username": "ann", "TemporaryPassword": ANY}
    mailed = {
        "UserAttributes": [{"Name": "email", "Value": "ann@a.example"}, {"Name": "email_verified", "Value": "true"}],
        "DesiredDeliveryMediums": ["EMAIL"],
    }
    with Stubber(cognito) as stubber:
        stubber.add_response("admin_create_user", {}, {**named, "UserAttributes": [], "MessageAction": "SUPPRESS"})
        status, told = run(capsys, "invite", "ann")
        assert (status, "https://page.example" in told, "First password: " in told) == (0, True, True)
        stubber.add_response("admin_create_user", {}, named | mailed)
        status, told = run(capsys, "invite", "ann", "--email", "ann@a.example")
        assert (status, "First password: " in told) == (0, False)
        stubber.add_client_error("admin_create_user", "UsernameExistsException")
        status, told = run(capsys, "invite", "ann")
        assert (status, "There is a user ann already." in told) == (1, True)


@pytest.mark.usefixtures("outputs")
def test_resources_left_after_a_removal_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    boto3.client("ssm").put_parameter(Name="/DocuMind-dev/model-key", Value="sk", Type="SecureString")
    table = boto3.client("dynamodb").create_table(
        TableName="left",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "aws:cloudformation:stack-name", "Value": "DocuMind-dev"}],
    )
    _, told = run(capsys, "remains")
    assert table["TableDescription"]["TableArn"] in told
    assert "/DocuMind-dev/model-key" in told


def test_a_table_is_restored_to_a_temporary_table_that_is_deleted(
    capsys: pytest.CaptureFixture[str], outputs: dict[str, str]
) -> None:
    dynamodb = boto3.client("dynamodb")
    for output, (partition, sort) in {"RoomsTable": ("pk", "sk"), "MessagesTable": ("chat_id", "message_id")}.items():
        outputs[output] = output
        dynamodb.create_table(
            TableName=output,
            KeySchema=[{"AttributeName": partition, "KeyType": "HASH"}, {"AttributeName": sort, "KeyType": "RANGE"}],
            AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in (partition, sort)],
            BillingMode="PAY_PER_REQUEST",
        )
    dynamodb.update_continuous_backups(
        TableName="RoomsTable", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    receipt = {"pk": {"S": "USER#u"}, "sk": {"S": "RECEIPT#1"}, "kind": {"S": "room"}, "chat_id": {"S": "c"}}
    dynamodb.put_item(TableName="RoomsTable", Item=receipt)
    instant = datetime.now(UTC) - timedelta(hours=1)
    status, told = run(capsys, "restore", "--at", f"{instant:%Y-%m-%dT%H:%M:%SZ}")
    assert (status, "MessagesTable is not backed up on this stage" in told) == (0, True)
    assert f"waiting for RoomsTable-{instant:%Y%m%dT%H%M%SZ}" in told
    assert set(dynamodb.list_tables()["TableNames"]) == {"MessagesTable", "RoomsTable"}
