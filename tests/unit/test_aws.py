"""Clients of AWS: their timeouts."""

from documind.clients import aws
from ingest.lease import LEASE_S


def test_a_silent_service_is_given_up_before_the_lease_of_an_ingest_ends() -> None:
    keys = {"aws_access_key_id": "a", "aws_secret_access_key": "b", "region_name": "us-east-1"}
    tables = aws.session().resource("dynamodb", **keys).meta.client
    for client in (aws.session().client("sqs", **keys), tables):
        assert client.meta.config.read_timeout < LEASE_S
