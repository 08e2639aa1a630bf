"""A function of the product: its code, layers, checked environment, log and a role that starts with nothing else."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from documind.settings import Settings
from infra.parts import packaging
from infra.stage import Stage

_RETENTION = {
    7: logs.RetentionDays.ONE_WEEK,
    30: logs.RetentionDays.ONE_MONTH,
    90: logs.RetentionDays.THREE_MONTHS,
    365: logs.RetentionDays.ONE_YEAR,
}


class Platform(Construct):
    """What the functions of a stage share: what they run on, and the layers, two of which only some of them need."""

    def __init__(self, scope: Construct, construct_id: str, *, stage: Stage) -> None:
        super().__init__(scope, construct_id)
        self.stage = stage
        self.target = target = packaging.HOST if stage.is_local else packaging.AWS
        self.dependencies = self._locked_layer("Dependencies", "dependencies")
        self.retrieval = self._locked_layer("Retrieval", "retrieval")
        self.pdf = self._locked_layer("Pdf", "pdf")
        self.documind = self._layer(
            "Documind",
            packaging.sources(packaging.ROOT / "layers/documind", "python", shipped_to="/opt", target=target),
        )

    def _locked_layer(self, construct_id: str, name: str) -> lambda_.LayerVersion:
        lock = packaging.ROOT / "layers" / name / "requirements.txt"
        return self._layer(construct_id, packaging.locked_packages(lock, self.target))

    def _layer(self, construct_id: str, code: lambda_.Code) -> lambda_.LayerVersion:
        return lambda_.LayerVersion(
            self,
            construct_id,
            code=code,
            compatible_runtimes=[self.target.runtime],
            compatible_architectures=[self.target.architecture],
        )


class ProductFunction(Construct):
    """One Lambda function out of `functions/`; its folder is the first part of `handler`.

    Its environment is `settings`, so that what the settings class would refuse at run time fails the synthesis.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        platform: Platform,
        handler: str,
        settings: Settings,
        memory_mb: int,
        timeout_s: int,
        more_layers: Sequence[lambda_.LayerVersion] = (),
    ) -> None:
        super().__init__(scope, construct_id)
        log_group = log(self, platform.stage)
        self.role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        self.allow("logs:CreateLogStream", "logs:PutLogEvents", on=[log_group.log_group_arn])
        self.function = lambda_.Function(
            self,
            "Function",
            code=packaging.sources(
                packaging.ROOT / "functions",
                handler.partition(".")[0],
                shipped_to="/var/task",
                target=platform.target,
            ),
            handler=handler,
            runtime=platform.target.runtime,
            architecture=platform.target.architecture,
            layers=[platform.dependencies, platform.documind, *more_layers],
            environment=environment(settings),
            memory_size=memory_mb,
            timeout=Duration.seconds(timeout_s),
            role=self.role,
            log_group=log_group,
        )

    def allow(self, *actions: str, on: list[str]) -> None:
        """Let the function do `actions` on the resources with the ARNs `on`."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions), resources=on))


def log(scope: Construct, stage: Stage) -> logs.LogGroup:
    """Return a log group that goes with the stack and keeps what the stage says."""
    retention = _RETENTION[stage.log_retention_days]
    return logs.LogGroup(scope, "Log", retention=retention, removal_policy=RemovalPolicy.DESTROY)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment variables that `documind.settings.load` reads `settings` from; defaults are left out."""
    return {name.upper(): str(value) for name, value in settings.model_dump(exclude_defaults=True).items()}
