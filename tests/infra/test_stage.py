"""The stages, and the sentences about invalid contexts."""

import json
from typing import Any

import pytest

from documind.clients.models import STREAM_TIMEOUT_S
from documind_cli.sign_in import REDIRECT_URL
from infra.stage import Stage, stage_from_context, unknown
from tests.infra.conftest import ROOT, STAGES, Stack, synthesise


def stage(**contexts: Any) -> Stage:
    return stage_from_context(contexts.get)


def test_every_stage_is_valid_without_other_contexts() -> None:
    assert [stage(stage=name).name for name in STAGES] == list(STAGES)


def test_the_apology_comes_before_the_stream_timeout_of_a_silent_model() -> None:
    assert all(stage(stage=name).apology_after_s + 5 <= STREAM_TIMEOUT_S for name in STAGES)


def test_a_context_overrides_as_text_too() -> None:
    assert stage(stage="dev", embedding_dimensions="512", retain_data="true").embedding_dimensions == 512


def test_a_context_of_one_stage_does_not_affect_others_and_the_command_line_overrides_it() -> None:
    kept = {"prod": {"search_nodes": 2, "alarm_email": "ann@example.org"}}
    assert stage(stage="prod", **kept).search_nodes == 2
    assert stage(stage="prod", search_nodes="1", **kept).search_nodes == 1
    assert stage(stage="dev", **kept).alarm_email is None
    with pytest.raises(ValueError, match="context alarm_mail: Unexpected"):
        stage(stage="prod", prod={"alarm_mail": "ann@example.org"})


def test_a_setting_that_does_not_exist_is_named() -> None:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    assert unknown([*flags, "aws:cdk:bundling-stacks", "alarm_email", "prod"]) == []
    assert unknown(["alarm_mail"]) == ["alarm_mail"]


def test_a_number_in_a_context_may_be_text_as_the_command_line_gives_it() -> None:
    for field, value in (("search_nodes", 2), ("search_max_ocu", 8), ("log_retention_days", 30)):
        assert getattr(stage(stage="dev", **{field: str(value)}), field) == value
    with pytest.raises(ValueError, match="context search_nodes: Input should be 1 or 2"):
        stage(stage="prod", search_nodes="3")


@pytest.mark.parametrize(
    ("contexts", "told"),
    [
        ({}, "context stage: None is none of local"),
        ({"stage": "moon"}, "context stage: 'moon' is none of local, test, dev, prod"),
        ({"stage": "dev", "embedding_dimensions": "many"}, "context embedding_dimensions: .*integer"),
        ({"stage": "local", "website_url": "http://documind.example"}, "context website_url: "),
        ({"stage": "local", "website_url": "http://127.0.0.1:8300/"}, "context website_url: "),
        ({"stage": "prod", "website_url": "http://localhost:8300"}, "on AWS the page is hosted"),
        ({"stage": "prod", "website_domain": "documind.example"}, "website_certificate_arn go together"),
        ({"stage": "prod", "website_domain": "https://documind.example"}, "context website_domain: "),
        (
            {"stage": "dev", "website_certificate_arn": "arn:aws:acm:eu-west-1:111122223333:certificate/a"},
            "context website_certificate_arn: ",
        ),
        (
            {"stage": "prod", "search_endpoint": "http://10.0.0.1:9200"},
            "search_endpoint goes with a search that is given",
        ),
        ({"stage": "dev", "room_tokens_a_day": -1}, "context room_tokens_a_day: "),
        ({"stage": "local", "vector_weight": 1.5}, "context vector_weight: "),
        ({"stage": "test", "max_answer_s": 100}, "max_answer_s < answer_timeout_s"),
        ({"stage": "dev", "max_answer_s": 59}, "apology_after_s <= max_answer_s"),
    ],
)
def test_an_invalid_context_is_named(contexts: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        stage(**contexts)


def test_local_stages_use_only_what_a_local_aws_has(local: Stack) -> None:
    types = {resource["Type"] for resource in local.template["Resources"].values()}
    assert not [each for each in types if each.startswith(("Custom::", "AWS::OpenSearch"))]
    assert "AWS::Cognito::ManagedLoginBranding" not in types
    assert "aws:SecureTransport" not in str(local.template)


def test_only_local_stages_have_a_client_for_passwords(stack: Stack) -> None:
    flows = [each["ExplicitAuthFlows"] for each in stack.of_type("AWS::Cognito::UserPoolClient").values()]
    assert any("ALLOW_USER_PASSWORD_AUTH" in each for each in flows) == (stack.stage in {"local", "test"})
    assert ("PasswordClientId" in stack.template["Outputs"]) == (stack.stage in {"local", "test"})


def test_users_are_invited_and_the_website_signs_in_by_authorization_code(stack: Stack) -> None:
    (pool,) = stack.of_type("AWS::Cognito::UserPool").values()
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    clients = stack.of_type("AWS::Cognito::UserPoolClient").values()
    (page,) = [each for each in clients if each.get("AllowedOAuthFlows")]
    (operator,) = [each for each in clients if "ALLOW_ADMIN_USER_PASSWORD_AUTH" in each["ExplicitAuthFlows"]]
    assert set(operator["ExplicitAuthFlows"]) == {"ALLOW_ADMIN_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"}
    assert page["AllowedOAuthFlows"] == ["code"]
    assert (page["AccessTokenValidity"], page["TokenValidityUnits"]["AccessToken"]) == (60, "minutes")
    assert page["GenerateSecret"] is False
    assert REDIRECT_URL in page["CallbackURLs"]  # that of the command line


def test_dev_has_a_collection_that_scales_to_zero_with_grants_per_function(dev: Stack) -> None:
    (group,) = dev.of_type("AWS::OpenSearchServerless::CollectionGroup").values()
    assert group["Generation"] == "NEXTGEN"
    policies = dev.of_type("AWS::OpenSearchServerless::AccessPolicy")
    may = {name: str(each["Policy"]) for name, each in policies.items()}
    writes = {name.removeprefix("Search").partition("Access")[0]: "aoss:WriteDocument" in may[name] for name in may}
    assert writes == {"Ingest": True, "Check": False, "Erase": True, "Answer": False}
    assert sorted(name[:11] for name in may if "aoss:CreateIndex" in may[name]) == ["SearchCheck", "SearchInges"]
    answer = dev.functions()["answer.handler.handler"]["Environment"]["Variables"]
    assert answer["SEARCH_KIND"] == "serverless"


def test_prod_has_an_encrypted_domain_that_only_granted_roles_reach(prod: Stack) -> None:
    (domain,) = prod.of_type("AWS::OpenSearchService::Domain").values()
    assert domain["EncryptionAtRestOptions"]["Enabled"]
    assert domain["NodeToNodeEncryptionOptions"]["Enabled"]
    assert domain["DomainEndpointOptions"]["EnforceHTTPS"] is True
    assert "AccessPolicies" not in domain
    assert not any("es:ESHttpPut" in actions for actions in prod.actions("answer.handler.handler").values())


def test_a_new_version_keeps_the_domain_and_a_failed_deployment_does_not(prod: Stack) -> None:
    """https://repost.aws/knowledge-center/cloudformation-opensearch-upgrade
    https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    """
    (domain,) = [each for each in prod.template["Resources"].values() if each["Type"].endswith("::Domain")]
    assert domain["UpdatePolicy"]["EnableVersionUpgrade"] is True
    assert (domain["DeletionPolicy"], domain["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_aws_stages_demand_tls(dev: Stack, prod: Stack) -> None:
    for stack in (dev, prod):
        guarded = {*stack.of_type("AWS::SQS::QueuePolicy"), *stack.of_type("AWS::S3::BucketPolicy")}
        assert len(guarded) == len(stack.of_type("AWS::SQS::Queue")) + len(stack.of_type("AWS::S3::Bucket"))
        policies = [*stack.of_type("AWS::SQS::QueuePolicy").values(), *stack.of_type("AWS::S3::BucketPolicy").values()]
        assert all("aws:SecureTransport" in str(policy) for policy in policies)


def test_aws_stages_run_on_arm64_and_python_3_13(dev: Stack) -> None:
    for function in dev.functions().values():
        assert function["Architectures"] == ["arm64"]
        assert function["Runtime"] == "python3.13"


def test_a_second_synthesis_is_the_same(dev: Stack) -> None:
    assert synthesise("dev") == dev.template
