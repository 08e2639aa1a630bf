"""Reads metrics from the standard output of a function, as CloudWatch does."""

import json

import pytest

Captured = pytest.CaptureFixture[str]
Emitted = dict[tuple[str, str | None], list[float]]


def emitted(captured: Captured) -> Emitted:
    """Return the values written since the last call, by name and value of the dimension.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
    """
    found: Emitted = {}
    for line in captured.readouterr().out.splitlines():
        record = json.loads(line)
        for directive in record.get("_aws", {}).get("CloudWatchMetrics", []):
            (dimensions,) = directive["Dimensions"]
            of = "".join(record[dimension] for dimension in dimensions) or None
            for metric in directive["Metrics"]:
                found.setdefault((metric["Name"], of), []).extend(record[metric["Name"]])
    return found
