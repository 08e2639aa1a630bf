"""Alarms, dashboard and budget: on metrics that exist, each with its remedy in docs/operations.md."""

import json
from collections.abc import Iterator
from typing import Any

from docs import cost
from documind import metrics
from documind.errors import Ending
from tests.infra.conftest import ROOT, Stack

OURS = {each.name: each for each in vars(metrics).values() if isinstance(each, metrics.Metric)}
MAIL = {"alarm_email": "ops@documind.example"}


def metrics_of(alarm: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the metrics of an alarm, each with `Namespace`, `MetricName` and `Dimensions`."""
    for each in alarm.get("Metrics", []):
        if "MetricStat" in each:
            yield each["MetricStat"]["Metric"]
    if "MetricName" in alarm:
        yield alarm


def test_alarms_cost_what_the_readme_says(hosted: Stack) -> None:
    """Alarms are charged by the number of their metrics: https://aws.amazon.com/cloudwatch/pricing/"""
    looked_at = [list(metrics_of(alarm)) for alarm in hosted.of_type("AWS::CloudWatch::Alarm").values()]
    assert len(looked_at) >= 10
    assert sum(map(len, looked_at)) == cost.IDLE["alarm_metrics"]
    assert len(hosted.of_type("AWS::CloudWatch::Dashboard")) == cost.IDLE["dashboards"]


def test_an_alarm_on_a_metric_of_ours_names_one_that_is_emitted(hosted: Stack) -> None:
    found = [metric for alarm in hosted.of_type("AWS::CloudWatch::Alarm").values() for metric in metrics_of(alarm)]
    ours = [metric for metric in found if not metric["Namespace"].startswith("AWS/")]
    assert len(ours) >= 4
    function = hosted.functions()["answer.handler.handler"]
    for metric in ours:
        assert metric["Namespace"] == function["Environment"]["Variables"][metrics.NAMESPACE_VARIABLE]
        dimension = OURS[metric["MetricName"]].dimension
        assert [each["Name"] for each in metric.get("Dimensions", [])] == ([dimension] if dimension else [])
        assert all(each["Value"] in set(Ending) for each in metric.get("Dimensions", []) if each["Name"] == "Ending")


def test_the_dashboard_shows_why_documents_fail(hosted: Stack) -> None:
    (dashboard,) = hosted.of_type("AWS::CloudWatch::Dashboard").values()
    namespace = hosted.functions()["ingest.handler.handler"]["Environment"]["Variables"][metrics.NAMESPACE_VARIABLE]
    body = json.dumps(dashboard["DashboardBody"]).replace("\\\\", "").replace('\\"', '"')
    assert f'{{"{namespace}",Code}} MetricName="DocumentsFailed"' in body


def test_errors_and_throttles_of_all_functions_are_watched(hosted: Stack) -> None:
    for name, metric in (("FunctionsFail", "Errors"), ("FunctionsThrottled", "Throttles")):
        (alarm,) = [each for key, each in hosted.of_type("AWS::CloudWatch::Alarm").items() if f"Watching{name}" in key]
        assert (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", metric)
        assert not alarm.get("Dimensions")  # none: a dimension would select one function


def test_every_queue_of_dead_letters_is_watched(hosted: Stack) -> None:
    queues = hosted.of_type("AWS::SQS::Queue")
    (alarm,) = [each for name, each in hosted.of_type("AWS::CloudWatch::Alarm").items() if "DeadLetters" in name]
    seen = {each["Value"]["Fn::GetAtt"][0] for metric in metrics_of(alarm) for each in metric["Dimensions"]}
    assert seen == {name for name, each in queues.items() if "RedrivePolicy" not in each}


def test_the_operations_guide_gives_a_command_for_each_alarm(hosted: Stack) -> None:
    document = (ROOT / "docs" / "operations.md").read_text()
    for alarm in hosted.of_type("AWS::CloudWatch::Alarm").values():
        name = alarm["AlarmDescription"].partition(" ")[0]
        section = document.partition(f"\n### {name}\n")[2].partition("\n### ")[0]
        assert "documind admin " in section or "make deploy" in section or "aws " in section, name


def test_without_an_address_nothing_is_mailed(hosted: Stack) -> None:
    assert not hosted.of_type("AWS::SNS::Topic")
    assert not hosted.of_type("AWS::Budgets::Budget")
    assert not any("AlarmActions" in each for each in hosted.of_type("AWS::CloudWatch::Alarm").values())


def test_with_an_address_alarms_and_the_budget_write_to_it() -> None:
    stack = Stack("dev", **MAIL)
    (topic,) = stack.of_type("AWS::SNS::Topic")
    assert alarms_may_publish(stack)
    assert all(each["AlarmActions"] == [{"Ref": topic}] for each in stack.of_type("AWS::CloudWatch::Alarm").values())
    (subscription,) = stack.of_type("AWS::SNS::Subscription").values()
    assert (subscription["Protocol"], subscription["Endpoint"]) == ("email", "ops@documind.example")
    (budget,) = stack.of_type("AWS::Budgets::Budget").values()
    assert "ops@documind.example" in json.dumps(budget)
    assert budget["Budget"]["BudgetLimit"] == {"Amount": 50, "Unit": "USD"}


def test_a_region_without_budgets_can_have_alarms() -> None:
    """cfn-lint knows no budgets in ap-east-2; CloudFormation refuses a template with a type that the region lacks."""
    stack = Stack("prod", monthly_budget_usd=0, **MAIL)
    assert stack.of_type("AWS::SNS::Topic")
    assert not stack.of_type("AWS::Budgets::Budget")


def alarms_may_publish(stack: Stack) -> bool:
    """Tell whether the topic's policy lets alarms publish; a policy that does not name them forbids it.

    https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
    """
    (policy,) = stack.of_type("AWS::SNS::TopicPolicy").values()
    statements = policy["PolicyDocument"]["Statement"]
    return {"Service": "cloudwatch.amazonaws.com"} in [
        each["Principal"] for each in statements if (each["Effect"], each["Action"]) == ("Allow", "sns:Publish")
    ]


def test_a_local_aws_is_not_watched(local: Stack) -> None:
    assert not local.of_type("AWS::CloudWatch::Alarm")
    assert not local.of_type("AWS::CloudWatch::Dashboard")


def test_an_idle_stage_pays_for_what_the_readme_counts(hosted: Stack) -> None:
    mappings = hosted.of_type("AWS::Lambda::EventSourceMapping").values()
    of_queues = [each for each in mappings if "StartingPosition" not in each]  # those of streams have one
    assert len(of_queues) == cost.QUEUES_WITH_CONSUMERS
    domains = list(hosted.of_type("AWS::OpenSearchService::Domain").values())
    assert len(domains) == (hosted.stage == "prod")
    for domain in domains:
        assert domain["ClusterConfig"]["InstanceType"] == "t3.small.search"
        assert domain["ClusterConfig"]["InstanceCount"] == 1
        assert domain["EBSOptions"]["VolumeSize"] == cost.DOMAIN["domain_gb"]
