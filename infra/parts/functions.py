"""A Lambda function of the product: code, layers, validated environment, log group, and a role without other rights."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk.aws_logs import RetentionDays as Days
from constructs import Construct

from documind.metrics import NAMESPACE_VARIABLE
from documind.settings import Settings
from infra.parts import packaging
from infra.stage import Stage

_RETENTION = {7: Days.ONE_WEEK, 30: Days.ONE_MONTH, 90: Days.THREE_MONTHS, 365: Days.ONE_YEAR}
SettingsT = TypeVar("SettingsT", bound=Settings)


class Platform(Construct):
    """What the functions of a stage share: runtime, layers, and the values of their settings."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage, values: Mapping[str, Any]) -> None:
        super().__init__(scope, construct_id)
        self.stage, self._values = stage, values
        self.target = packaging.HOST if stage.is_local else packaging.AWS
        self.dependencies, self.retrieval, self.pdf = (
            self._layer(name.title(), packaging.locked_packages(f"layers/{name}/requirements.txt", self.target))
            for name in ("dependencies", "retrieval", "pdf")
        )
        self.documind = self._layer(
            "Documind", packaging.sources("layers/documind", "python", shipped_to="/opt", target=self.target)
        )

    def settings(self, settings_class: type[SettingsT], **more: str) -> SettingsT:
        """Return the settings of a function, from the shared values and `more`.

        Raises pydantic.ValidationError at synthesis for settings that the function would refuse at run time.
        """
        shared = {name: self._values[name] for name in settings_class.model_fields if name in self._values}
        return settings_class(**shared, **more)

    def _layer(self, construct_id: str, code: lambda_.Code) -> lambda_.LayerVersion:
        runtimes, architectures = [self.target.runtime], [self.target.architecture]
        return lambda_.LayerVersion(
            self, construct_id, code=code, compatible_runtimes=runtimes, compatible_architectures=architectures
        )


class Function(Construct):
    """One Lambda function of `functions/`; `handler` begins with its folder, `settings` become its environment."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        platform: Platform,
        handler: str,
        settings: Settings,
        *,
        memory_mb: int,
        timeout_s: int,
        more_layers: Sequence[lambda_.LayerVersion] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        target, log_group = platform.target, log(self, platform.stage)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.grant("logs", "CreateLogStream", "PutLogEvents", on=log_group.log_group_arn)
        folder = handler.partition(".")[0]
        self.function = lambda_.Function(
            self,
            "Function",
            code=packaging.sources("functions", folder, shipped_to="/var/task", target=target),
            handler=handler,
            runtime=target.runtime,
            architecture=target.architecture,
            layers=[platform.dependencies, platform.documind, *more_layers],
            environment={**environment(settings), NAMESPACE_VARIABLE: Stack.of(self).stack_name},
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_s),
            role=self.role,
            log_group=log_group,
            logging_format=lambda_.LoggingFormat.JSON,
            application_log_level_v2=lambda_.ApplicationLogLevel.INFO,
            system_log_level_v2=lambda_.SystemLogLevel.INFO,  # includes duration and memory of each invocation
        )

    def grant(self, service: str, *actions: str, on: str) -> None:
        """Allow `actions` of `service` on the resources with the ARN `on`."""
        names = [f"{service}:{action}" for action in actions]
        self.role.add_to_policy(iam.PolicyStatement(actions=names, resources=[on]))

    def allow_recursion(self) -> None:
        """Allow the function to send to the queue that invokes it; else Lambda drops a message after about 16 calls.

        https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
        """
        resource = self.function.node.default_child
        assert isinstance(resource, lambda_.CfnFunction)  # noqa: S101
        resource.recursive_loop = "Allow"


def log(scope: Construct, stage: Stage, *, name: str | None = None) -> logs.LogGroup:
    """Return a log group with the stage's retention, which is deleted with the stack."""
    retention = _RETENTION[stage.log_retention_days]
    return logs.LogGroup(scope, "Log", log_group_name=name, retention=retention, removal_policy=RemovalPolicy.DESTROY)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables of `settings` for `documind.settings.load`; None stays unset."""
    return {name.upper(): str(value) for name, value in settings.model_dump(exclude_none=True).items()}
