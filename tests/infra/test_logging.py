"""Functions log JSON, and their metrics are in the namespace of their stack."""

from documind.metrics import NAMESPACE_VARIABLE
from tests.infra.conftest import Stack


def test_every_function_logs_json_from_info_on(stack: Stack) -> None:
    levels = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "INFO"}
    for function in stack.functions().values():
        assert function["LoggingConfig"].items() >= levels.items()


def test_the_metrics_of_two_stages_are_kept_apart(stack: Stack) -> None:
    for function in stack.functions().values():
        assert function["Environment"]["Variables"][NAMESPACE_VARIABLE] == f"DocuMind-{stack.stage}"
