"""The model's key in SSM: read when a model is first asked, and missed with words that help."""

import boto3
import pytest
from moto import mock_aws

from documind.clients.models import Models
from documind.errors import Code, DocumindError
from documind.settings import ModelSettings

NAME = "/DocuMind/model-key"
SETTINGS = ModelSettings(
    model_base_url="http://127.0.0.1:9/v1",  # nobody listens there
    model_key_parameter=NAME,
    chat_model="chat",
    embedding_model="embedding",
    embedding_dimensions=2,
    vector_weight=0.5,
)


@mock_aws
def test_a_missing_key_is_named_in_the_log_until_it_is_there(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("openai._base_client.time.sleep", lambda _: None)
    models = Models.from_settings(SETTINGS)
    with pytest.raises(DocumindError) as caught:
        models.embed(["text"])
    assert caught.value.code == Code.MODEL_UNAVAILABLE
    assert NAME in caplog.text

    boto3.client("ssm").put_parameter(Name=NAME, Value="sk-secret", Type="SecureString")
    caplog.clear()
    with pytest.raises(DocumindError):
        models.embed(["text"])
    assert NAME not in caplog.text
    assert "the model failed" in caplog.text
