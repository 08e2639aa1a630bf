"""Environment variables and boto3 clients for the local AWS."""

import os
from typing import Any

import boto3
from botocore.config import Config

ACCOUNT = "000000000000"
REGION = "us-east-1"
JSII_QUIET = "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION"
KEEP = ("HOME", "TZ", "HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "SSL_CERT_FILE",
        "REQUESTS_CA_BUNDLE")  # fmt: skip


def credentials(endpoint: str) -> dict[str, str]:
    """Return the variables that direct any AWS client to the local AWS, and away from the user's own accounts."""
    return {
        "AWS_ACCESS_KEY_ID": ACCOUNT,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ENDPOINT_URL_S3": endpoint,  # by IP address, the Node SDK uses path-style requests
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "NO_PROXY": "127.0.0.1,localhost",
        "no_proxy": "127.0.0.1,localhost",
    }


def command_environment(endpoint: str, search_path: str) -> dict[str, str]:
    """Return the environment of the CDK: the user's own, without variables that lead to a real account."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "CDK_"))}
    return {**own, **credentials(endpoint), "PATH": search_path, "NO_COLOR": "1", JSII_QUIET: "1"}


def server_environment(endpoint: str, search_path: str) -> dict[str, str]:
    """Return the environment of the AWS server, which functions inherit: of the user's variables only KEEP.

    Without a locale Python reads files as UTF-8, as in Lambda.
    """
    own = {name: value for name, value in os.environ.items() if name in KEEP}
    return {**own, **credentials(endpoint), "PATH": search_path}


def client(endpoint: str, service: Any) -> Any:
    """Return a boto3 client of the local AWS with few retries, which does not read the user's profile."""
    config = Config(connect_timeout=5, read_timeout=30, retries={"total_max_attempts": 2})
    session = boto3.Session(aws_access_key_id=ACCOUNT, aws_secret_access_key="test", region_name=REGION)  # noqa: S106
    return session.client(service, endpoint_url=endpoint, config=config)
