"""Every metric with its unit and dimension, written as a line of CloudWatch's embedded metric format.

A value is written as soon as it is known, so it is not lost if the function is killed later. Each stage has its own
namespace.
"""

import os
from typing import NamedTuple

from aws_lambda_powertools.metrics import MetricUnit, single_metric

NAMESPACE_VARIABLE = "POWERTOOLS_METRICS_NAMESPACE"  # of Powertools; `infra` sets it to the stack's name
NAMESPACE = "DocuMind"


class Metric(NamedTuple):
    """A metric; its `dimension` has few values, never ids: CloudWatch bills each value as a metric of its own."""

    name: str
    unit: MetricUnit
    dimension: str | None = None


QUESTIONS_ENDED = Metric("QuestionsEnded", MetricUnit.Count, "Ending")
FIRST_TEXT = Metric("TimeToFirstText", MetricUnit.Seconds)
RETRIEVAL = Metric("RetrievalTime", MetricUnit.Milliseconds)  # of embedding the question and searching
TOKENS = Metric("Tokens", MetricUnit.Count)  # of the chat model, read and written
DOCUMENTS_READY = Metric("DocumentsReady", MetricUnit.Count)
DOCUMENTS_FAILED = Metric("DocumentsFailed", MetricUnit.Count, "Code")
PAGES = Metric("PagesRead", MetricUnit.Count)  # of documents that are ready
HITS_OUTSIDE_ROOM = Metric("HitsOutsideRoom", MetricUnit.Count)
OPEN_ERASURE_AGE = Metric("OpenErasureAge", MetricUnit.Seconds)  # written at each attempt of an erasure


def emit(metric: Metric, value: float = 1, of: str | None = None) -> None:
    """Write one value of a metric, with `of` as the value of its dimension."""
    dimensions = {metric.dimension: of} if metric.dimension and of else None
    namespace = os.environ.get(NAMESPACE_VARIABLE, NAMESPACE)
    with single_metric(metric.name, metric.unit, value, namespace=namespace, default_dimensions=dimensions):
        pass
