"""Every function starts under AWS's runtime client with its own package and layers only."""

import sys

from infra.parts.packaging import HOST
from tests.infra.lambda_runtime import FUNCTION_NAME, REQUEST_ID
from tests.infra.packages import Packages


def test_every_handler_starts_and_logs_in_one_line_why_it_failed(packages: Packages) -> None:
    assert len(packages.layers_of) >= 8
    for handler in packages.layers_of:
        failed = packages.invoke(handler, {}, {})
        assert failed.error, f"{handler}: {failed.output}"
        assert failed.error["errorType"] == "InvocationFailedError", f"{handler}: {failed.output}"
        line = failed.line("the invocation failed")
        assert (line["level"], line["function"], line["request_id"]) == ("ERROR", FUNCTION_NAME, REQUEST_ID)
        assert handler.partition(".")[0] in line["exception"]
        assert len(failed.output.splitlines()) == 2, failed.output  # this line and the runtime's own
    assert HOST.python == f"{sys.version_info.major}.{sys.version_info.minor}"


def test_a_function_without_one_of_its_layers_does_not_start(packages: Packages) -> None:
    for layer in packages.layers_of["answer.handler.handler"]:
        failed = packages.invoke("answer.handler.handler", {}, {}, without=layer)
        assert "Runtime.ImportModuleError" in failed.output, layer
