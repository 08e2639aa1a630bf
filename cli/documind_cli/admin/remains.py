"""Lists the resources that are left of a removed stack, by the tag that CloudFormation gives them."""

from collections.abc import Iterator

from documind_cli.admin.doctor import Line
from documind_cli.admin.stage import Account

STACK_TAG = "aws:cloudformation:stack-name"


def remains(account: Account, stack: str) -> Iterator[Line]:
    """Yield each resource that still exists, and the SSM parameters of the keys.

    https://docs.aws.amazon.com/resourcegroupstagging/latest/APIReference/API_GetResources.html
    """
    found = False
    pages = account.client("resourcegroupstaggingapi").get_paginator("get_resources")
    for page in pages.paginate(TagFilters=[{"Key": STACK_TAG, "Values": [stack]}]):
        for resource in page["ResourceTagMappingList"]:
            found = True
            yield Line(f"still there: {resource['ResourceARN']}")
    parameters = account.client("ssm").get_paginator("get_parameters_by_path")
    for page in parameters.paginate(Path=f"/{stack}"):
        for parameter in page["Parameters"]:
            found = True
            yield Line(f"still there, at no cost: the parameter {parameter['Name']}, which holds a key")
    if not found:
        yield Line(f"nothing is left of {stack} that carries its tag")
    yield Line(
        "not looked for: the CDK's own bucket of assets, and log groups that AWS made by itself (/aws/lambda/...)"
    )
