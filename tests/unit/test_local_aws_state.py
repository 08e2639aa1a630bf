"""The local AWS on another port than the last time."""

from pathlib import Path

from local import aws_state


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
