"""Access of the functions to the models: keys in SSM, and models of Amazon Bedrock."""

import re
from collections.abc import Iterator

from aws_cdk import Stack

from documind.settings import BEDROCK
from infra.parts.functions import Function
from infra.stage import Stage

# https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
_PROFILE = re.compile(r"(us|us-gov|eu|apac|jp|au|ca|global)\.(.+)")


class ModelAccess:
    """The names of the SSM parameters of the keys, and the grants for keys and models."""

    def __init__(self, stack: Stack, stage: Stage) -> None:
        self._stack, self._stage = stack, stage
        # Written by `documind admin key`, because CloudFormation cannot create a SecureString.
        self.model_key_parameter = None if stage.model_base_url == BEDROCK else f"/{stage.stack}/model-key"
        has_own_key = stage.embedding_base_url not in {None, BEDROCK}
        self.embedding_key_parameter = f"/{stage.stack}/embedding-key" if has_own_key else None

    def grant(self, *functions: Function) -> None:
        """Allow functions to read the keys, and to invoke the chosen models of Bedrock only."""
        for function in functions:
            for name in filter(None, (self.model_key_parameter, self.embedding_key_parameter)):
                key = self._stack.format_arn(service="ssm", resource="parameter", resource_name=name.removeprefix("/"))
                function.grant("ssm", "GetParameter", on=key)
            # The OpenAI endpoint needs the same actions: https://docs.aws.amazon.com/bedrock/latest/userguide/inference.html
            if self._stage.model_base_url == BEDROCK:
                for arn in self._arns(self._stage.chat_model):
                    function.grant("bedrock", "InvokeModel", "InvokeModelWithResponseStream", on=arn)
            if self._stage.embeds_on_bedrock:
                for arn in self._arns(self._stage.embedding_model):
                    function.grant("bedrock", "InvokeModel", on=arn)

    def _arns(self, model: str) -> Iterator[str]:
        """Yield the ARN of a model; for an inference profile its ARN, and that of its model in any region.

        https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html
        """
        partition, profile = self._stack.partition, _PROFILE.fullmatch(model)
        if profile is None:
            yield f"arn:{partition}:bedrock:{self._stack.region}::foundation-model/{model}"
            return
        yield self._stack.format_arn(service="bedrock", resource="inference-profile", resource_name=model)
        yield f"arn:{partition}:bedrock:*::foundation-model/{profile[2]}"
