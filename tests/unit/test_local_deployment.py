"""When a deployment is current, and the choice of models."""

import os
import time
from pathlib import Path

import pytest

from local import aws_state
from local.deployment import fingerprint, without_resource
from local.models import choose
from local.system import what_was_lost

OFFLINE_URL = "http://127.0.0.1:8302/v1"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    (tmp_path / "functions" / "ask").mkdir(parents=True)
    (tmp_path / "functions" / "ask" / "handler.py").write_text("one = 1\n")
    (tmp_path / "cdk.json").write_text("{}")
    return tmp_path


def test_every_source_and_setting_changes_the_fingerprint(sources: Path) -> None:
    settings = {"website_url": "http://127.0.0.1:8300"}
    before = fingerprint(sources, settings)
    assert fingerprint(sources, settings) == before
    seen = {before, fingerprint(sources, {"website_url": "http://127.0.0.1:8400"})}
    handler = sources / "functions" / "ask" / "handler.py"
    handler.write_text("one = 2\n")
    seen.add(fingerprint(sources, settings))
    handler.rename(handler.with_name("renamed.py"))
    seen.add(fingerprint(sources, settings))
    assert len(seen) == 4


def test_caches_of_tools_do_not_change_the_fingerprint(sources: Path) -> None:
    before = fingerprint(sources, {})
    (sources / "functions" / "__pycache__").mkdir()
    (sources / "functions" / "__pycache__" / "handler.cpython-313.pyc").write_bytes(b"\0")
    assert fingerprint(sources, {}) == before


def test_one_resource_is_removed_from_a_template() -> None:
    template = (
        "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n  Policy:\n    Type: AWS::S3::BucketPolicy\n\n"
        "    Properties:\n      Bucket: b\n  Role:\n    Type: AWS::IAM::Role\nOutputs:\n  Name:\n    Value: n\n"
    )
    assert without_resource(template, "Policy") == (
        "Resources:\n  Bucket:\n    Type: AWS::S3::Bucket\n  Role:\n    Type: AWS::IAM::Role\n"
        "Outputs:\n  Name:\n    Value: n\n"
    )


def test_without_a_key_the_offline_model_answers(tmp_path: Path) -> None:
    choice = choose({"OPENAI_API_KEY": "", "CHAT_MODEL": "gpt-9"}, tmp_path / ".env", OFFLINE_URL)
    assert choice.is_offline
    assert (choice.base_url, choice.chat_model) == (OFFLINE_URL, "documind-offline")


def test_a_key_in_the_env_file_selects_a_real_model_and_the_environment_overrides_it(tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text("# mine\nexport OPENAI_API_KEY='from-file'\nOPENAI_BASE_URL=http://models.test/v1\n")
    choice = choose({"CHAT_MODEL": "gpt-9"}, env_file, OFFLINE_URL)
    assert (choice.base_url, choice.key, choice.chat_model) == ("http://models.test/v1", "from-file", "gpt-9")
    assert not choice.is_offline
    assert choose({"OPENAI_API_KEY": "from-environment"}, env_file, OFFLINE_URL).key == "from-environment"


def test_the_loss_of_a_killed_aws_is_reported_and_none_after_an_orderly_end(tmp_path: Path) -> None:
    assert what_was_lost(tmp_path) is None
    (tmp_path / "dynamodb.json").touch()
    os.utime(tmp_path / "dynamodb.json", (0, time.mktime((2026, 11, 23, 8, 30, 15, 0, 0, -1))))
    lost = what_was_lost(tmp_path)
    assert lost is not None
    assert "08:30:15" in lost
    (tmp_path / "stopped").touch()
    assert what_was_lost(tmp_path) is None


def test_a_queue_is_found_at_the_new_port(tmp_path: Path) -> None:
    state = tmp_path / "state"
    aws_state.move(state, 8301)
    (state / "sqs.json").write_text(
        '{"http://localhost:8301/0/uploads": {}, "b": "127.0.0.1:8301", "c": "localhost:83010/"}'
    )
    (state / "dynamodb.json").write_text('{"text": "http://localhost:8301/"}')
    aws_state.move(state, 8401)
    assert (state / "sqs.json").read_text() == (
        '{"http://localhost:8401/0/uploads": {}, "b": "127.0.0.1:8401", "c": "localhost:83010/"}'
    )
    assert (state / "dynamodb.json").read_text() == '{"text": "http://localhost:8301/"}'
    aws_state.move(state, 8301)
    assert "localhost:8301/0" in (state / "sqs.json").read_text()
