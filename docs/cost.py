"""What a stage costs: operations counted by tests, times one dated price table; `make docs` puts it into the README."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from docs.source import table

BEGIN, END = "<!-- made from docs/cost.py -->", "<!-- end -->"
AS_OF = "26 November 2026"
REGION = "us-east-1"


@dataclass(frozen=True)
class Price:
    """USD for one unit; `free` units a month are free for ever, for the account as a whole."""

    usd: float
    free: float
    source: str


_PRICING = "https://aws.amazon.com/{}/pricing/"
_LAMBDA, _CLOUDWATCH, _S3 = _PRICING.format("lambda"), _PRICING.format("cloudwatch"), _PRICING.format("s3")
_DYNAMODB, _OPENSEARCH = _PRICING.format("dynamodb") + "on-demand/", _PRICING.format("opensearch-service")
_WEBSOCKET, _EXPRESS, _SQS = _PRICING.format("api-gateway"), _PRICING.format("step-functions"), _PRICING.format("sqs")
PRICES: Mapping[str, Price] = {
    "lambda_requests": Price(0.20e-6, 1e6, _LAMBDA),
    "lambda_gb_s": Price(0.0000133334, 400_000, _LAMBDA),  # arm64
    "dynamodb_writes": Price(0.625e-6, 0, _DYNAMODB),  # request units: 1 KB each, twice in transactions
    "dynamodb_reads": Price(0.125e-6, 0, _DYNAMODB),  # request units: 4 KB each, half if eventually consistent
    "websocket_messages": Price(1.00e-6, 0, _WEBSOCKET),  # free in an account's first year only
    "websocket_minutes": Price(0.25e-6, 0, _WEBSOCKET),
    "express_requests": Price(1.00e-6, 0, _EXPRESS),
    "express_gb_s": Price(0.06 / 3600, 0, _EXPRESS),
    "s3_puts": Price(0.005e-3, 0, _S3),
    "s3_gets": Price(0.0004e-3, 0, _S3),
    "sqs_requests": Price(0.40e-6, 1e6, _SQS),
    "log_gb": Price(0.50, 5, _CLOUDWATCH),
    "alarm_metrics": Price(0.10, 10, _CLOUDWATCH),
    "dashboards": Price(3.00, 3, _CLOUDWATCH),
    "domain_hours": Price(0.036, 0, _OPENSEARCH),  # t3.small.search
    "domain_gb": Price(0.122, 0, _OPENSEARCH),  # gp3
    "ocu_hours": Price(0.24, 0, _OPENSEARCH),
}

HOURS = 730
QUEUES_WITH_CONSUMERS = 4
# Lambda asks an empty queue 15 times a minute: https://github.com/getlift/lift/issues/132
POLLS = 15 * 60 * HOURS
IDLE = {"alarm_metrics": 13, "dashboards": 1, "sqs_requests": QUEUES_WITH_CONSUMERS * POLLS}
DOMAIN = {"domain_hours": HOURS, "domain_gb": 10}  # for each node

# Counted by tests/functional/test_cost_of_an_answer.py: a connection is made, opens its room, asks once, gets an answer
# in one piece and ends; then what one more piece takes.
SESSION = {"dynamodb_writes": 52, "dynamodb_reads": 18, "websocket_messages": 8, "s3_gets": 1}
PIECE = {"dynamodb_writes": 2, "dynamodb_reads": 1, "websocket_messages": 1}
# Counted by tests/functional/ingest/test_cost_of_pages.py: one PDF with one checkpoint, and each object of 16 pages.
DOCUMENT = {"dynamodb_writes": 12, "dynamodb_reads": 3, "s3_gets": 1}
GROUP = {"s3_puts": 1}
PAGES_OF_A_GROUP = 16

# Assumed: an answer is written for 6 s, in pieces of 250 ms, after 5 s of 400 ms, by functions of 1 GB.
ANSWER_S, PIECES = 6, 23
QUESTION = {
    "lambda_requests": 7,  # authorizer, connect, open, warm, ask, answer, disconnect
    "lambda_gb_s": ANSWER_S + 2,  # 2 s for all but `answer`, cold starts of some of them with it
    "express_requests": 1,
    "express_gb_s": (ANSWER_S + 1) * 64 / 1024,  # billed in steps of 64 MB
    "websocket_minutes": 10,
    "log_gb": 10e-6,
}
# Assumed: documents of 100 pages, read, embedded and indexed in 10 s each by a function of 1.7 GB.
PAGES_OF_A_DOCUMENT = 100
READING = {"lambda_requests": 1, "lambda_gb_s": 10 * 1.7, "log_gb": 10e-6}
SEARCH_WORKERS = (
    2  # of one OCU: docs.aws.amazon.com/opensearch-service/latest/developerguide/serverless-scale-to-zero.html
)
AWAKE_H = 1 / 6  # after the last request


def usd(*used: tuple[Mapping[str, float], float], free: bool = False) -> float:
    """Return what these units cost, each set so many times; `free`: nobody else uses up the free tiers."""
    units: dict[str, float] = {}
    for amounts, times in used:
        for name, amount in amounts.items():
            units[name] = units.get(name, 0) + amount * times
    paid = {name: max(0.0, amount - (PRICES[name].free if free else 0)) for name, amount in units.items()}
    return sum(PRICES[name].usd * amount for name, amount in paid.items())


def idle(nodes: int, *, free: bool) -> float:
    """Return a month of a stage that nobody uses, with so many nodes of a search domain."""
    return usd((IDLE, 1), (DOMAIN, nodes), free=free)


def thousand_questions() -> float:
    """Return 1,000 questions, each in a connection of its own, without model, search and free tiers."""
    return usd((SESSION, 1_000), (PIECE, 1_000 * (PIECES - 1)), (QUESTION, 1_000))


def ten_thousand_pages() -> float:
    """Return the reading of 10,000 pages, without embedding, search and free tiers."""
    documents = 10_000 / PAGES_OF_A_DOCUMENT
    groups = documents * math.ceil(PAGES_OF_A_DOCUMENT / PAGES_OF_A_GROUP)
    return usd((DOCUMENT, documents), (GROUP, groups), (READING, documents))


def search(hours: float) -> float:
    """Return a serverless search that works for so long."""
    return usd(({"ocu_hours": SEARCH_WORKERS}, hours))


def section() -> str:
    """Return the table for the README."""
    stages = {"dev": 0, "prod": 1, "prod, `search_nodes=2`": 2}
    rows = [
        ("a month idle", *(f"{idle(nodes, free=True):.2f}" for nodes in stages.values())),
        ("the same, free tiers used up by others", *(f"{idle(nodes, free=False):.2f}" for nodes in stages.values())),
        ("1,000 questions, without model and search", *(f"{thousand_questions():.2f}" for _ in stages)),
        ("10,000 pages read, without embedding and search", *(f"{ten_thousand_pages():.2f}" for _ in stages)),
        ("search: an hour of use", f"{search(1):.2f}", "0", "0"),
        ("search: waking it once, by opening a room or asking", f"{search(AWAKE_H):.2f}", "0", "0"),
    ]
    told = (
        f"In USD, by the list prices of {REGION} as known on {AS_OF}, some of them from copies of AWS's "
        "pages (sources and assumptions stand in [docs/cost.py](docs/cost.py)):"
    )
    return "\n".join([told, "", *table(("", *stages), rows)])


def readme(text: str) -> str:
    """Return the README with the table between its two marks made anew."""
    before, rest = text.split(f"{BEGIN}\n")
    _, after = rest.split(f"{END}\n")
    return f"{before}{BEGIN}\n{section()}\n{END}\n{after}"
