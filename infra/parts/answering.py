"""The answer workflow: one step that answers, and a `Catch` that apologises for any failure of it."""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from documind.settings import AnswerSettings
from infra.parts.functions import Function, Platform, log
from infra.parts.names import unique_suffix
from infra.stage import Stage

_APOLOGISE_TIMEOUT_S = 30
# Each log group with another prefix takes room in a policy of the account and region, of 5,120 characters in all:
# https://docs.aws.amazon.com/step-functions/latest/dg/bp-cwl.html
_VENDED_LOGS = "/aws/vendedlogs/states/"
_THROTTLED_RETRIES = 10
_PASSING_FAULTS = ["ServiceException", "AWSLambdaException", "SdkClientException"]
_THROTTLED = "TooManyRequestsException"  # new accounts run ten functions at a time


class Answering(Construct):
    """The function `answer`, whose input names the step, and the Express workflow that invokes it."""

    def __init__(self, scope: Construct, construct_id: str, *, platform: Platform) -> None:
        super().__init__(scope, construct_id)
        stage, settings = platform.stage, platform.settings(AnswerSettings)
        self.answer = Function(
            self,
            "Answer",
            platform,
            "answer.handler.handler",
            settings,
            memory_mb=1024,
            timeout_s=stage.answer_timeout_s + 10,  # so that the workflow times out first
            more_layers=[platform.retrieval],
        )
        self.workflow = sfn.StateMachine(
            self,
            "Workflow",
            state_machine_type=sfn.StateMachineType.EXPRESS,
            query_language=sfn.QueryLanguage.JSONATA,
            definition_body=sfn.DefinitionBody.from_chainable(self._definition(stage)),
            # Never the execution data, which may contain text of users.
            logs=sfn.LogOptions(
                destination=log(self, stage, name=f"{_VENDED_LOGS}documind-{unique_suffix()}"),
                level=sfn.LogLevel.ERROR,
                include_execution_data=False,
            ),
        )

    def _definition(self, stage: Stage) -> sfn.IChainable:
        answer = self._step("Answer", stage.answer_timeout_s)
        apologise = self._step("Apologise", _APOLOGISE_TIMEOUT_S, error="{% $states.input.Error %}")
        definition: sfn.IChainable = answer.add_catch(apologise, errors=["States.ALL"])
        return definition

    def _step(self, name: str, timeout_s: int, **more_input: str) -> tasks.LambdaInvoke:
        asked = ("chat_id", "question_id")
        payload = {
            "step": name.lower(),
            "execution": "{% $states.context.Execution.Id %}",
            "question": {field: f"{{% $states.context.Execution.Input.{field} %}}" for field in asked},
            **more_input,
        }
        step = tasks.LambdaInvoke.jsonata(
            self,
            f"{name}Step",
            state_name=name,
            lambda_function=self.answer.function,
            payload=sfn.TaskInput.from_object(payload),
            task_timeout=sfn.Timeout.duration(Duration.seconds(timeout_s)),
            retry_on_service_exceptions=False,  # the CDK's six doubling intervals outlast the apology
        )
        faults = [f"Lambda.{fault}" for fault in _PASSING_FAULTS]
        step.add_retry(errors=faults, interval=Duration.seconds(1), max_attempts=2, backoff_rate=2)
        # A throttled invocation has not run, so it is retried while the user waits: after 1, 2, 4 s, then every 5 s.
        step.add_retry(
            errors=[f"Lambda.{_THROTTLED}"],
            interval=Duration.seconds(1),
            backoff_rate=2,
            max_delay=Duration.seconds(5),
            max_attempts=_THROTTLED_RETRIES,
            jitter_strategy=sfn.JitterType.FULL,
        )
        return step
