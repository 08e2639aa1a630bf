"""What makes a name unique where AWS demands one that CloudFormation does not make up."""

from aws_cdk import Aws, Fn


def unique_suffix() -> str:
    """Return the last 12 hexadecimal digits of the stack's own id, which nobody can guess and no update changes."""
    stack_uuid = Fn.select(2, Fn.split("/", Aws.STACK_ID))
    return Fn.select(4, Fn.split("-", stack_uuid))
