"""Monitoring: alarms, each with its remedy in docs/operations.md, one dashboard, and a monthly budget."""

from collections.abc import Mapping, Sequence

from aws_cdk import ArnFormat, Duration, Stack
from aws_cdk import aws_budgets as budgets
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from documind import metrics
from documind.errors import Ending
from infra.parts.functions import Function
from infra.stage import Stage

_OPERATIONS = "docs/operations.md"
_FIVE_MINUTES, _QUARTER = Duration.minutes(5), Duration.minutes(15)
_OPEN_ERASURE_S = 3600
_STREAM_AGE_MS = 3_600_000  # the stream keeps records for 24 hours
_WIDTH = 8  # of 24 columns


class Watching(Construct):
    """Alarms and dashboard of a stage on AWS; with an e-mail address, alarms and a budget are mailed to it.

    CloudWatch bills alarms by the number of their metrics, ten of which are free: https://aws.amazon.com/cloudwatch/pricing/
    Errors and throttles are therefore one metric each, over all functions of the account and region.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        stage: Stage,
        answer: Function,
        expire: Function,
        dead_letters: Sequence[sqs.Queue],
        search: Mapping[str, tuple[cloudwatch.IMetric, float]],
    ) -> None:
        super().__init__(scope, construct_id)
        self._stage = stage
        self._topic = self._mail_to(stage.alarm_email) if stage.alarm_email else None
        waiting = [queue.metric_approximate_number_of_messages_visible(period=_FIVE_MINUTES) for queue in dead_letters]
        age = expire.function.metric("IteratorAge", statistic="Maximum", period=_FIVE_MINUTES)
        endings = [self._ours(metrics.QUESTIONS_ENDED, of=ending) for ending in (Ending.ERROR, Ending.TIMEOUT)]
        outside = self._ours(metrics.HITS_OUTSIDE_ROOM)
        erasure_age = self._ours(metrics.OPEN_ERASURE_AGE, statistic="Maximum")
        alarms = [
            self._alarm("DeadLetters", _sum(waiting), 1),
            self._alarm("RecursionDropped", _of_all_functions("RecursiveInvocationsDropped"), 1),
            self._alarm("FunctionsFail", _of_all_functions("Errors"), 5, periods=2),
            self._alarm("FunctionsThrottled", _of_all_functions("Throttles"), 5, periods=2),
            self._alarm("QuestionsFail", _sum(endings), 3),
            self._alarm("HitsOutsideRoom", outside, 1),
            self._alarm("StreamFallsBehind", age, _STREAM_AGE_MS),
            self._alarm("ErasureStaysOpen", erasure_age, _OPEN_ERASURE_S),
            *(self._alarm(name, metric, threshold, periods=3) for name, (metric, threshold) in search.items()),
        ]
        self._dashboard(alarms, answer.function.metric_duration(), [metric for metric, _ in search.values()])
        if stage.alarm_email and stage.monthly_budget_usd:
            self._budget(stage.alarm_email, stage.monthly_budget_usd)

    def _mail_to(self, address: str) -> sns.Topic:
        topic = sns.Topic(self, "Topic", enforce_ssl=True)
        topic.add_subscription(subscriptions.EmailSubscription(address))
        # A custom topic policy replaces the default one, which allows the account's alarms to publish.
        # https://repost.aws/knowledge-center/cloudwatch-receive-sns-for-alarm-trigger
        named = ArnFormat.COLON_RESOURCE_NAME
        any_alarm = Stack.of(self).format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=named
        )
        topic.add_to_resource_policy(
            iam.PolicyStatement(
                principals=[iam.ServicePrincipal("cloudwatch.amazonaws.com")],
                actions=["sns:Publish"],
                resources=[topic.topic_arn],
                conditions={"ArnLike": {"aws:SourceArn": any_alarm}},
            )
        )
        return topic

    def _ours(self, metric: metrics.Metric, *, of: str | None = None, statistic: str = "Sum") -> cloudwatch.Metric:
        return cloudwatch.Metric(
            namespace=self._stage.stack,
            metric_name=metric.name,
            dimensions_map={metric.dimension: of} if metric.dimension and of else None,
            statistic=statistic,
            period=_QUARTER,
            label=of or metric.name,
        )

    def _each(self, metric: metrics.Metric) -> cloudwatch.SearchExpression:
        """Return the metric for each value of its dimension; names other than of letters and digits must be quoted.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html
        """
        schema = f'{{"{self._stage.stack}",{metric.dimension}}} MetricName="{metric.name}"'
        return cloudwatch.SearchExpression(expression=f"SEARCH('{schema}', 'Sum')", label="", period=_QUARTER)

    def _alarm(self, name: str, metric: cloudwatch.IMetric, threshold: float, *, periods: int = 1) -> cloudwatch.Alarm:
        alarm = cloudwatch.Alarm(
            self,
            name,
            metric=metric,
            threshold=threshold,
            evaluation_periods=periods,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{name} on {self._stage.stack}: see {name} in {_OPERATIONS}",
        )
        if self._topic:
            alarm.add_alarm_action(actions.SnsAction(self._topic))
        return alarm

    def _dashboard(
        self, alarms: Sequence[cloudwatch.IAlarm], answering: cloudwatch.IMetric, search: Sequence[cloudwatch.IMetric]
    ) -> None:
        def graph(title: str, *shown: cloudwatch.IMetric) -> cloudwatch.GraphWidget:
            return cloudwatch.GraphWidget(title=title, left=list(shown), width=_WIDTH)

        graphs = [
            graph("Questions by ending", *(self._ours(metrics.QUESTIONS_ENDED, of=ending) for ending in Ending)),
            graph("First text, seconds", *(self._ours(metrics.FIRST_TEXT, statistic=each) for each in ("p50", "p95"))),
            graph("Retrieval, milliseconds", self._ours(metrics.RETRIEVAL, statistic="p95"), answering),
            graph("Tokens", self._ours(metrics.TOKENS)),
            graph("Documents ready, pages read", self._ours(metrics.DOCUMENTS_READY), self._ours(metrics.PAGES)),
            graph("Documents failed, by code", self._each(metrics.DOCUMENTS_FAILED)),
            graph("Search", *search),
        ]
        status = cloudwatch.AlarmStatusWidget(alarms=list(alarms), width=3 * _WIDTH)
        cloudwatch.Dashboard(self, "Dashboard", widgets=[[status], graphs])

    def _budget(self, address: str, limit_usd: int) -> None:
        """Mail when the forecast of the account's monthly cost exceeds the limit; its data may be a day old."""
        forecast = budgets.CfnBudget.NotificationProperty(
            notification_type="FORECASTED", comparison_operator="GREATER_THAN", threshold=100
        )
        subscriber = budgets.CfnBudget.SubscriberProperty(subscription_type="EMAIL", address=address)
        budgets.CfnBudget(
            self,
            "Budget",
            budget=budgets.CfnBudget.BudgetDataProperty(
                budget_type="COST",
                time_unit="MONTHLY",
                budget_limit=budgets.CfnBudget.SpendProperty(amount=limit_usd, unit="USD"),
            ),
            notifications_with_subscribers=[
                budgets.CfnBudget.NotificationWithSubscribersProperty(notification=forecast, subscribers=[subscriber])
            ],
        )


def _of_all_functions(name: str) -> cloudwatch.Metric:
    """Return a Lambda metric over all functions of the account in this region."""
    return cloudwatch.Metric(namespace="AWS/Lambda", metric_name=name, statistic="Sum", period=_FIVE_MINUTES)


def _sum(found: Sequence[cloudwatch.IMetric]) -> cloudwatch.MathExpression:
    """Return the sum of metrics, at most ten, the limit of an alarm."""
    named = {f"m{number}": metric for number, metric in enumerate(found)}
    terms = " + ".join(f"FILL({name}, 0)" for name in named)
    return cloudwatch.MathExpression(expression=terms, using_metrics=named, period=found[0].period)  # type: ignore[attr-defined]
