"""Conditions on the run that holds a document's lease."""

from boto3.dynamodb.conditions import Attr, ConditionBase


def owned_by(run: str) -> ConditionBase:
    return Attr("status").eq("reading") & Attr("run_id").eq(run)


def abandoned(now: float) -> ConditionBase:
    """The run has paused or its lease has expired; if it still lives, the next claim fences it by another `run_id`."""
    return Attr("status").eq("reading") & Attr("lease_until").lt(int(now))
