"""Unique names for resources that CloudFormation cannot name itself."""

from aws_cdk import Aws, Fn


def unique_suffix() -> str:
    """Return the last 12 hexadecimal digits of the stack's id: random, and constant across updates."""
    stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
    return Fn.select(4, Fn.split("-", stack_uuid))
