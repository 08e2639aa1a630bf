"""The registry of metrics, and the format from which CloudWatch reads them."""

import json
from pathlib import Path

import pytest

from documind import metrics
from documind.metrics import Metric

ROOT = Path(__file__).parents[2]
ALL = {name: metric for name, metric in vars(metrics).items() if isinstance(metric, Metric)}


def test_each_name_is_unique() -> None:
    assert len({metric.name for metric in ALL.values()}) == len(ALL) >= 9


@pytest.mark.parametrize("name", ALL)
def test_each_metric_is_emitted_by_the_product(name: str) -> None:
    modules = [*(ROOT / "functions").rglob("*.py"), *(ROOT / "layers/documind").rglob("*.py")]
    assert [module for module in modules if f"metrics.emit(metrics.{name}" in module.read_text()]


def test_the_line_is_in_the_embedded_format(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metrics.NAMESPACE_VARIABLE, "DocuMind-test")
    metrics.emit(metrics.QUESTIONS_ENDED, of="answer")
    record = json.loads(capsys.readouterr().out)
    (directive,) = record["_aws"]["CloudWatchMetrics"]
    assert directive["Namespace"] == "DocuMind-test"
    assert directive["Dimensions"] == [["Ending"]]
    assert directive["Metrics"] == [{"Name": "QuestionsEnded", "Unit": "Count"}]
    assert (record["Ending"], record["QuestionsEnded"]) == ("answer", [1.0])
