"""Properties of the stack that hold on every stage."""

import json
import re
from typing import Any

import pytest

from documind import metrics, settings, wire
from documind.clients.models import PICTURE_TIMEOUT_S
from infra.parts.functions import environment
from ingest.reading import CHECKPOINT_S, LONGEST_RUN_S
from tests.infra.conftest import Stack

SETTINGS: dict[str, type[settings.Settings]] = {
    "connect.authorizer.handler": settings.AuthorizerSettings,
    "connect.handler.handler": settings.ConnectSettings,
    "message.handler.handler": settings.MessageSettings,
    "flush_history.handler.handler": settings.FlushHistorySettings,
    "flush_history.expiry.handler": settings.FlushHistorySettings,
    "ingest.handler.handler": settings.IngestSettings,
    "ingest.dead_letter.handler": settings.DeadLetterSettings,
    "check.handler.handler": settings.CheckSettings,
    "erase.handler.handler": settings.ErasureSettings,
    "erase.dead_letter.handler": settings.ErasureDeadLetterSettings,
    "answer.handler.handler": settings.AnswerSettings,
}
STATEFUL = {"AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Cognito::UserPool"}
# CloudFormation generates no names for these; names in API Gateway and of inline policies need not be unique.
MUST_BE_NAMED = {
    "AWS::IAM::Policy",
    "AWS::ApiGatewayV2::Api",
    "AWS::ApiGatewayV2::Authorizer",
    "AWS::ApiGatewayV2::Stage",
    "AWS::OpenSearchServerless::AccessPolicy",
    "AWS::OpenSearchServerless::Collection",
    "AWS::OpenSearchServerless::CollectionGroup",
    "AWS::OpenSearchServerless::SecurityPolicy",
}


def test_every_handler_has_the_environment_that_its_settings_class_reads(stack: Stack) -> None:
    assert stack.functions().keys() == SETTINGS.keys()
    for handler, function in stack.functions().items():
        variables = function["Environment"]["Variables"]
        values = {key.lower(): as_text(value) for key, value in variables.items() if key != metrics.NAMESPACE_VARIABLE}
        assert environment(SETTINGS[handler].model_validate(values)).keys() == {key.upper() for key in values}


def documents(stack: Stack) -> dict[str, Any]:
    """Return the properties of the bucket of PDFs."""
    (found,) = [each for each in stack.of_type("AWS::S3::Bucket").values() if "VersioningConfiguration" in each]
    return found


def as_text(value: Any) -> str:
    """Return a text value, or the JSON of a value that is known only after the deployment."""
    return value if isinstance(value, str) else json.dumps(value)


def test_each_frame_of_a_client_has_a_route(stack: Stack) -> None:
    routes = {route["RouteKey"] for route in stack.of_type("AWS::ApiGatewayV2::Route").values()}
    assert routes == {"$connect", "$disconnect", "$default", *wire.routes()}


def test_only_authorised_clients_connect(stack: Stack) -> None:
    routes = stack.of_type("AWS::ApiGatewayV2::Route").values()
    (connect,) = [route for route in routes if route["RouteKey"] == "$connect"]
    assert connect["AuthorizationType"] == "CUSTOM"
    (authorizer,) = stack.of_type("AWS::ApiGatewayV2::Authorizer").values()
    assert authorizer["IdentitySource"] == ["route.request.querystring.token"]


def test_the_token_in_the_query_is_never_logged(stack: Stack) -> None:
    (stage,) = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert "AccessLogSettings" not in stage


def test_the_api_throttles_all_connections_together(stack: Stack) -> None:
    (stage,) = stack.of_type("AWS::ApiGatewayV2::Stage").values()
    assert (
        0
        < stage["DefaultRouteSettings"]["ThrottlingRateLimit"]
        <= stage["DefaultRouteSettings"]["ThrottlingBurstLimit"]
    )


def test_every_queue_has_a_dead_letter_queue(stack: Stack) -> None:
    queues = stack.of_type("AWS::SQS::Queue")
    redriven = [each["RedrivePolicy"] for each in queues.values() if "RedrivePolicy" in each]
    sources = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    on_failure = [
        each["DestinationConfig"]["OnFailure"]["Destination"] for each in sources if "DestinationConfig" in each
    ]
    places = {each["deadLetterTargetArn"]["Fn::GetAtt"][0] for each in redriven}
    places |= {destination["Fn::GetAtt"][0] for destination in on_failure}
    assert places == {name for name, each in queues.items() if "RedrivePolicy" not in each}
    assert sorted(each["maxReceiveCount"] for each in redriven) == [5, 20]  # throttled calls count too
    assert all(each["SqsManagedSseEnabled"] for each in queues.values())


def test_an_upload_starts_one_ingest_at_a_time_and_a_killed_one_is_retried_soon(stack: Stack) -> None:
    bucket = documents(stack)
    (notification,) = bucket["NotificationConfiguration"]["QueueConfigurations"]
    uploads = notification["Queue"]["Fn::GetAtt"][0]
    assert notification["Filter"]["S3Key"]["Rules"] == [{"Name": "prefix", "Value": "uploads/"}]
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    (ingest,) = [each for each in mappings if each["EventSourceArn"].get("Fn::GetAtt") == [uploads, "Arn"]]
    assert ingest["BatchSize"] == 1
    assert ingest["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    assert ingest["ScalingConfig"] == {"MaximumConcurrency": 2}
    timeout = stack.functions()["ingest.handler.handler"]["Timeout"]
    assert timeout < stack.of_type("AWS::SQS::Queue")[uploads]["VisibilityTimeout"] <= timeout + 30
    assert timeout > LONGEST_RUN_S + CHECKPOINT_S + PICTURE_TIMEOUT_S  # a run checks its time between two pages


def test_erasures_have_a_queue_of_their_own_and_no_pdf_layer(stack: Stack) -> None:
    ingest, erase = (stack.functions()[f"{name}.handler.handler"] for name in ("ingest", "erase"))
    queues = [source_of(stack, each) for each in (ingest, erase)]
    assert queues[0] != queues[1]
    assert erase["Timeout"] < stack.of_type("AWS::SQS::Queue")[queues[1]]["VisibilityTimeout"] <= erase["Timeout"] + 30
    assert "PlatformPdf" in str(ingest["Layers"])
    assert "PlatformPdf" not in str(erase["Layers"])
    announced_to = stack.functions()["message.handler.handler"]["Environment"]["Variables"]["ERASURE_QUEUE_URL"]
    assert announced_to == {"Ref": queues[1]}


def test_functions_that_send_to_their_own_queue_allow_recursion(stack: Stack) -> None:
    """Otherwise Lambda's detection of recursive loops drops a message after about 16 calls."""
    for name in ("ingest.handler", "ingest.dead_letter", "erase.handler", "erase.dead_letter"):
        assert stack.functions()[f"{name}.handler"]["RecursiveLoop"] == "Allow"
    dead_letters = source_of(stack, stack.functions()["erase.dead_letter.handler"])
    erasures = source_of(stack, stack.functions()["erase.handler.handler"])
    redrive = stack.of_type("AWS::SQS::Queue")[erasures]["RedrivePolicy"]
    assert redrive["deadLetterTargetArn"]["Fn::GetAtt"][0] == dead_letters


def source_of(stack: Stack, function: dict[str, Any]) -> str:
    """Return the logical id of the function's event source."""
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    called = {each["FunctionName"]["Ref"]: each["EventSourceArn"]["Fn::GetAtt"][0] for each in mappings}
    (name,) = [name for name, each in stack.of_type("AWS::Lambda::Function").items() if each == function]
    return str(called[name])


def test_only_expired_messages_reach_the_expiry_handler_and_are_retried_while_the_stream_keeps_them(
    stack: Stack,
) -> None:
    mappings = stack.of_type("AWS::Lambda::EventSourceMapping").values()
    (expiry,) = [each for each in mappings if "StartingPosition" in each]
    (pattern,) = [json.loads(each["Pattern"]) for each in expiry["FilterCriteria"]["Filters"]]
    assert pattern["eventName"] == ["REMOVE"]
    assert pattern["userIdentity"] == {"type": ["Service"], "principalId": ["dynamodb.amazonaws.com"]}
    assert expiry["BisectBatchOnFunctionError"] is True
    assert expiry["MaximumRetryAttempts"] == -1
    assert expiry["MaximumRecordAgeInSeconds"] == 24 * 3600


def test_the_parts_of_the_api_are_created_one_after_the_other(stack: Stack) -> None:
    """Parts that are created in parallel may fail with a "concurrent modification".

    https://github.com/hashicorp/terraform-provider-aws/issues/18018
    """
    resources = stack.template["Resources"]
    parts = {name for name, each in resources.items() if each["Type"].startswith("AWS::ApiGatewayV2::")}
    waits_for = {name: parts & named_in(resources[name]) - {name} for name in parts}
    reached: set[str] = set()
    while ready := {name for name in parts - reached if waits_for[name] <= reached}:
        assert len(ready) == 1
        reached |= ready
    assert reached == parts


def named_in(resource: dict[str, Any]) -> set[str]:
    """Return all texts in a resource, among them the logical ids of those that it waits for."""
    return set(re.findall(r'"(\w+)"', json.dumps(resource)))


def test_the_log_of_the_workflow_takes_no_room_in_the_policy_of_the_account(stack: Stack) -> None:
    """https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html"""
    (machine,) = stack.of_type("AWS::StepFunctions::StateMachine").values()
    (destination,) = machine["LoggingConfiguration"]["Destinations"]
    (group,) = named_in(destination) & stack.of_type("AWS::Logs::LogGroup").keys()
    name = stack.of_type("AWS::Logs::LogGroup")[group]["LogGroupName"]
    assert name["Fn::Join"][1][0].startswith("/aws/vendedlogs/states/")
    assert "AWS::StackId" in json.dumps(name)  # two stacks of an account share no name


def test_retries_of_a_throttled_function_end_before_the_apology(stack: Stack) -> None:
    for step in workflow(stack)["States"].values():
        retries = {error: retry for retry in step.get("Retry", []) for error in retry["ErrorEquals"]}
        if retries:
            throttled = retries["Lambda.TooManyRequestsException"]
            pauses = [min(2**n, throttled["MaxDelaySeconds"]) for n in range(throttled["MaxAttempts"])]
            assert 30 <= sum(pauses) <= 60


def test_tables_expire_items_and_lasting_data_can_be_recovered(stack: Stack) -> None:
    tables = {each["KeySchema"][0]["AttributeName"]: each for each in stack.of_type("AWS::DynamoDB::Table").values()}
    assert tables.keys() == {"pk", "chat_id"}
    for table in tables.values():
        assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
        assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert tables["pk"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    live = tables["chat_id"]["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
    assert live is (stack.stage == "prod")
    assert tables["chat_id"]["StreamSpecification"] == {"StreamViewType": "OLD_IMAGE"}


def test_documents_are_private_encrypted_and_reached_by_the_page_alone(stack: Stack) -> None:
    bucket = documents(stack)
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["BucketEncryption"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    (cors,) = bucket["CorsConfiguration"]["CorsRules"]
    assert "*" not in cors["AllowedOrigins"]
    assert len(cors["AllowedOrigins"]) == 1
    assert {"ETag", "Accept-Ranges", "Content-Range", "Content-Length"} <= set(cors["ExposedHeaders"])


def test_questions_stay_out_of_the_logs_of_the_workflow(stack: Stack) -> None:
    (machine,) = stack.of_type("AWS::StepFunctions::StateMachine").values()
    assert machine["StateMachineType"] == "EXPRESS"
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert machine["LoggingConfiguration"]["Level"] == "ERROR"


def workflow(stack: Stack) -> dict[str, Any]:
    (machine,) = stack.of_type("AWS::StepFunctions::StateMachine").values()
    parts = machine["DefinitionString"]["Fn::Join"][1]
    definition: dict[str, Any] = json.loads("".join(part if isinstance(part, str) else "arn" for part in parts))
    return definition


def test_an_answer_is_given_up_before_its_function_ends_and_then_apologised_for(stack: Stack) -> None:
    steps = workflow(stack)["States"]
    answer = stack.functions()["answer.handler.handler"]
    assert steps.keys() == {"Answer", "Apologise"}
    assert steps["Answer"]["TimeoutSeconds"] < answer["Timeout"]
    assert steps["Answer"]["Catch"] == [{"ErrorEquals": ["States.ALL"], "Next": "Apologise"}]
    assert int(answer["Environment"]["Variables"].get("MAX_ANSWER_S", 140)) < steps["Answer"]["TimeoutSeconds"]
    assert sum(step.get("TimeoutSeconds", 0) for step in steps.values()) < 300  # the longest Express workflow


def test_functions_have_logs_that_expire_and_share_no_role(stack: Stack) -> None:
    groups = stack.of_type("AWS::Logs::LogGroup")
    for function in stack.functions().values():
        assert groups[function["LoggingConfig"]["LogGroup"]["Ref"]]["RetentionInDays"] <= 365
    roles = [function["Role"]["Fn::GetAtt"][0] for function in stack.functions().values()]
    assert len(set(roles)) == len(roles)


def test_no_resource_has_a_fixed_name_without_need(stack: Stack) -> None:
    for name, resource in stack.template["Resources"].items():
        kind = resource["Type"].split("::")[-1]
        properties = resource.get("Properties", {})
        chosen = {key for key in ("Name", f"{kind}Name") if isinstance(properties.get(key), str)}
        assert not chosen or resource["Type"] in MUST_BE_NAMED, (name, chosen)


def test_functions_that_users_wait_for_have_at_least_half_a_vcpu(stack: Stack) -> None:
    """Processor time is in proportion to memory, one processor at 1,769 MB.

    https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
    """
    for name in ("connect.authorizer", "connect", "message", "answer", "ingest"):
        handler = f"{name}.handler" if name == "connect.authorizer" else f"{name}.handler.handler"
        assert stack.functions()[handler]["MemorySize"] / 1769 >= 0.5, name


@pytest.mark.parametrize("policy", ["DeletionPolicy", "UpdateReplacePolicy"])
def test_data_are_retained_in_prod_and_deleted_with_other_stages(stack: Stack, policy: str) -> None:
    expected = "Retain" if stack.stage == "prod" else "Delete"
    resources = stack.template["Resources"].items()
    stateful = [each for name, each in resources if each["Type"] in STATEFUL and not name.startswith("Page")]
    assert len(stateful) == 4
    assert {each[policy] for each in stateful} == {expected}


def test_every_function_logs_json_from_info_on(stack: Stack) -> None:
    levels = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    for function in stack.functions().values():
        assert function["LoggingConfig"].items() >= levels.items()


def test_the_metrics_of_two_stages_are_kept_apart(stack: Stack) -> None:
    for function in stack.functions().values():
        assert function["Environment"]["Variables"][metrics.NAMESPACE_VARIABLE] == f"DocuMind-{stack.stage}"
