"""On which documents a change may be made, told by who is working on them."""

from boto3.dynamodb.conditions import Attr, ConditionBase


def owned_by(run: str) -> ConditionBase:
    return Attr("status").eq("reading") & Attr("run_id").eq(run)


def abandoned(now: float) -> ConditionBase:
    """A run that has paused, or is past its lease: it can no longer be alive, or is stopped by its token."""
    return Attr("status").eq("reading") & Attr("lease_until").lt(int(now))
