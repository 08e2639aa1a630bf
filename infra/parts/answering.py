"""The answer workflow: retrieve, then generate; whatever fails on the way ends in an apology."""

from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from documind.settings import AnswerSettings, ModelSettings, RoomsSettings, SearchSettings
from infra.parts.functions import Platform, ProductFunction, log
from infra.stage import Stage

_APOLOGISE_TIMEOUT_S = 30
_PASSING_FAULTS = [
    "Lambda.ServiceException",
    "Lambda.AWSLambdaException",
    "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException",
]
_QUESTION = {
    "chat_id": "{% $states.context.Execution.Input.chat_id %}",
    "question_id": "{% $states.context.Execution.Input.question_id %}",
}


class Answering(Construct):
    """The function `answer`, whose input names the step, and the Express workflow that runs its steps."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        platform: Platform,
        rooms: RoomsSettings,
        models: ModelSettings,
        search: SearchSettings,
    ) -> None:
        super().__init__(scope, construct_id)
        stage = platform.stage
        self.answer = ProductFunction(
            self,
            "Answer",
            platform=platform,
            handler="answer.handler.handler",
            more_layers=[platform.retrieval],
            settings=AnswerSettings(
                **rooms.model_dump(),
                **models.model_dump(),
                **search.model_dump(),
                chat_model=stage.chat_model,
                temperature=stage.temperature,
                apology_after_s=stage.apology_after_s,
                max_answer_s=stage.max_answer_s,
            ),
            memory_mb=1024,
            timeout_s=stage.generate_timeout_s + 10,  # the workflow lets go first
        )
        self.workflow = sfn.StateMachine(
            self,
            "Workflow",
            state_machine_type=sfn.StateMachineType.EXPRESS,
            query_language=sfn.QueryLanguage.JSONATA,
            definition_body=sfn.DefinitionBody.from_chainable(self._definition(stage)),
            # Never the data of an execution: it holds what people ask.
            logs=sfn.LogOptions(destination=log(self, stage), level=sfn.LogLevel.ERROR, include_execution_data=False),
        )

    def _definition(self, stage: Stage) -> sfn.IChainable:
        retrieve = self._step("Retrieve", {}, timeout_s=stage.retrieve_timeout_s)
        generate = self._step("Generate", {"retrieved": "{% $states.input %}"}, timeout_s=stage.generate_timeout_s)
        apologise = self._step("Apologise", {"error": "{% $states.input.Error %}"}, timeout_s=_APOLOGISE_TIMEOUT_S)
        retrieve.add_catch(apologise, errors=["States.ALL"])
        generate.add_catch(apologise, errors=["States.ALL"])
        ended = sfn.Condition.jsonata("{% $states.input.state = 'ended' %}")
        has_ended = sfn.Choice.jsonata(self, "Has it ended?")
        return retrieve.next(has_ended.when(ended, sfn.Succeed.jsonata(self, "Ended")).otherwise(generate))

    def _step(self, name: str, more_input: dict[str, Any], *, timeout_s: int) -> tasks.LambdaInvoke:
        payload = {
            "step": name.lower(),
            "execution": "{% $states.context.Execution.Id %}",
            "question": _QUESTION,
            **more_input,
        }
        step = tasks.LambdaInvoke.jsonata(
            self,
            name,
            lambda_function=self.answer.function,
            payload=sfn.TaskInput.from_object(payload),
            outputs="{% $states.result.Payload %}",
            task_timeout=sfn.Timeout.duration(Duration.seconds(timeout_s)),
            retry_on_service_exceptions=False,  # six times with doubling pauses outlasts the person who waits
        )
        step.add_retry(errors=_PASSING_FAULTS, interval=Duration.seconds(1), max_attempts=2, backoff_rate=2)
        return step
