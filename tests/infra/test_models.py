"""A stage on Amazon Bedrock: no keys, and grants on its two models only."""

import pytest

from infra.stage import stage_from_context
from tests.infra.conftest import Stack

ON_BEDROCK = {
    "stage": "dev",
    "model_base_url": "bedrock",
    "chat_model": "openai.gpt-oss-120b-1:0",
    "embedding_model": "us.cohere.embed-v4:0",
}


def test_a_stage_on_bedrock_has_no_key_and_may_use_its_two_models() -> None:
    stack = Stack(**ON_BEDROCK)
    assert "ModelKeyParameter" not in stack.template["Outputs"]
    for handler in ("answer.handler.handler", "ingest.handler.handler", "check.handler.handler"):
        environment = stack.functions()[handler]["Environment"]["Variables"]
        assert environment["MODEL_BASE_URL"] == "bedrock"
        assert not [name for name in environment if name.endswith("KEY_PARAMETER")]
        allowed = {on: actions for on, actions in stack.actions(handler).items() if "bedrock" in on}
        chat, profile, model = (
            _one(allowed, end) for end in ("foundation-model/openai.gpt", "profile/us.", "::foundation-model/cohere")
        )
        assert allowed[chat] == {"bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"}
        assert allowed[profile] == allowed[model] == {"bedrock:InvokeModel"}
        assert '":bedrock:*::foundation-model/cohere.embed-v4:0"' in model  # a profile may use any of its regions
        assert len(allowed) == 3
        assert not [on for on in stack.actions(handler) if ":ssm:" in on]


@pytest.mark.parametrize("model", ["text-embedding-3-small", "amazon.titan-embed-text-v2:0"])
def test_on_bedrock_only_models_of_cohere_embed(model: str) -> None:
    with pytest.raises(ValueError, match=r"cohere\.embed"):
        stage_from_context((ON_BEDROCK | {"embedding_model": model}).get)


def _one(allowed: dict[str, set[str]], part: str) -> str:
    (found,) = [resource for resource in allowed if part in resource]
    return found
