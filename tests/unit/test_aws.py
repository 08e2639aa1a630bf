"""Clients of AWS: their timeouts."""

from documind.clients import aws
from ingest.lease import HEARTBEAT_S, LEASE_S

KEYS = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}


def test_a_lease_outlasts_a_request_to_each_service_that_hangs() -> None:
    tables = aws.session().resource("dynamodb", **KEYS, config=aws.OF_HEARTBEATS["dynamodb"]).meta.client
    timeouts = [client.meta.config.read_timeout for client in (aws.client("sqs", **KEYS), tables)]
    assert HEARTBEAT_S + sum(timeouts) < LEASE_S


def test_other_services_have_more_time_but_are_given_up() -> None:
    assert aws.client("ssm", **KEYS).meta.config.read_timeout == aws.TIMEOUTS.read_timeout  # type: ignore[attr-defined]
