"""A function as tutorials package it: every library is imported and every client made at the top, used or not."""

import gc
import importlib
import os
from typing import Any

import boto3
import jwt
import openai
import opensearchpy
import pydantic
import pypdf
import pypdfium2  # type: ignore[import-untyped]
import ulid
from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.utilities import batch, parser

from documind.clients import aws

COLLECTOR_DEFAULTS = (2_000, 10, 10)  # of Python 3.13
CLIENTS = ("lambda", "s3", "sqs", "ssm", "stepfunctions", "cognito-idp")
LIBRARIES = (jwt, pydantic, pypdf, pypdfium2, ulid, batch, parser)

gc.set_threshold(*COLLECTOR_DEFAULTS)  # `documind` sets others on import
session: Any = boto3.Session()
logger, metrics = Logger(), Metrics(namespace="naive")
made: dict[str, Any] = {name: session.client(name) for name in CLIENTS}
made["apigatewaymanagementapi"] = session.client("apigatewaymanagementapi", endpoint_url=os.environ["CALLBACK_URL"])
dynamodb = session.resource("dynamodb")
models = openai.OpenAI(api_key="none", base_url=os.environ["MODEL_BASE_URL"])
search = opensearchpy.OpenSearch(hosts=[os.environ["SEARCH_ENDPOINT"]])

# The function itself uses these clients, so that none is made twice.
vars(aws).update(client=lambda name, **_: made[name], tables=lambda: dynamodb)
vars(openai).update(OpenAI=lambda **_: models)

handler = importlib.import_module(os.environ["NAIVE_HANDLER"]).handler
