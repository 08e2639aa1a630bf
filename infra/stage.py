"""The configuration of each stage, as typed data; `cdk -c name=value` or cdk.json overrides a field."""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields
from typing import Annotated, Any, Literal

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.dataclasses import dataclass

from documind.limits import MAX_PDF_PAGES
from documind.settings import BEDROCK, OcrKind

StageName = Literal["local", "test", "dev", "prod"]
OneOf = BeforeValidator(lambda given: int(given) if str(given).isdecimal() else given)  # `cdk -c` passes strings
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+(/\S*)?$")]
Bedrock = Literal["bedrock"]
Budget = Annotated[int, Field(ge=0)]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[^/\s]+$")]
LoopbackOrigin = Annotated[str, StringConstraints(pattern=r"^http://(127\.0\.0\.1|localhost)(:\d+)?$")]
Domain = Annotated[str, StringConstraints(pattern=r"^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$")]
# CloudFront accepts certificates from this region only.
# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cnames-and-https-requirements.html
CertificateArn = Annotated[str, StringConstraints(pattern=r"^arn:aws:acm:us-east-1:\d{12}:certificate/\S+$")]
Email = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+\.[^@\s]+$")]
_COHERE = re.compile(r"([a-z-]+\.)?cohere\.embed-\S+")
StackName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z][A-Za-z0-9-]{0,99}$")]


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Stage:
    """One stage; `local` and `test` use a local AWS and an existing search, at their endpoints."""

    name: StageName
    search: Literal["given", "serverless", "domain"]
    stack_name: StackName | None = None  # needed for a second stack of the same stage in one account and region
    website_url: LoopbackOrigin | None = None  # of the local run's website; on AWS that of the distribution
    website_domain: Domain | None = None  # custom domain of the website; its DNS record points to the distribution
    website_certificate_arn: CertificateArn | None = None  # for that domain, in us-east-1
    retain_data: bool = False  # tables, bucket, user pool and domain outlive the stack
    log_retention_days: Annotated[Literal[7, 30, 90, 365], OneOf] = 7
    alarm_email: Email | None = None  # gets alarms and budget notices, after confirming the subscription
    monthly_budget_usd: Budget = 50  # forecast cost of the account; needs an alarm_email; 0: none (as in ap-east-2)

    aws_endpoint: Origin | None = None  # of a local AWS; none: AWS itself
    search_endpoint: Origin | None = None  # of an existing search
    search_nodes: Annotated[Literal[1, 2], OneOf] = 1  # of a domain; the second one holds replicas in another zone
    search_max_ocu: Annotated[Literal[2, 4, 8, 16], OneOf] = 4  # of a serverless search: indexing and searching each

    model_base_url: Url | Bedrock = "https://api.openai.com/v1"  # `bedrock`: Amazon Bedrock of the region, without key
    embedding_base_url: Url | Bedrock | None = None  # none: that of the chat model; another URL has its own key
    chat_model: str = "gpt-6.1-terra"
    temperature: Annotated[float, Field(ge=0, le=2)] | None = None
    reasoning_effort: str | None = None  # e.g. "low"; by default the first text may take longer than apology_after_s
    embedding_model: str = "text-embedding-3-small"
    embedding_dimensions: Annotated[int, Field(ge=1, le=4096)] = 1024
    asks_for_dimensions: bool = True  # false for servers that refuse a request with `dimensions`
    vector_weight: Annotated[float, Field(ge=0, le=1)] = 0.5
    ocr: OcrKind = "off"  # vision: a chat model with vision reads pages without text from their pictures

    apology_after_s: Annotated[int, Field(ge=1)] = 60
    max_answer_s: Annotated[int, Field(ge=1)] = 140
    answer_timeout_s: Annotated[int, Field(ge=1, le=280)] = 150  # an Express workflow runs for 300 s at most

    user_questions_a_day: Budget = 200
    room_questions_a_day: Budget = 1_000
    user_tokens_a_day: Budget = 1_000_000  # includes the estimated tokens reserved for open questions
    room_tokens_a_day: Budget = 5_000_000
    user_pages_a_day: Budget = MAX_PDF_PAGES
    room_pages_a_day: Budget = 10_000

    @model_validator(mode="after")
    def _fits_together(self) -> "Stage":
        if (self.search == "given") != (self.search_endpoint is not None):
            raise ValueError("search_endpoint goes with a search that is given, and only with it")
        if self.is_local != (self.website_url is not None):
            raise ValueError(
                "website_url goes with a local AWS, and only with it: on AWS the page is hosted; see website_domain"
            )
        if (self.website_domain is None) != (self.website_certificate_arn is None) or (
            self.is_local and self.website_domain
        ):
            raise ValueError("website_domain and website_certificate_arn go together, and with AWS only")
        if not self.apology_after_s <= self.max_answer_s < self.answer_timeout_s:
            raise ValueError("apology_after_s <= max_answer_s < answer_timeout_s must hold")
        if self.embeds_on_bedrock and not _COHERE.fullmatch(self.embedding_model):
            raise ValueError("embedding_model must be one of Cohere's on Bedrock, such as cohere.embed-multilingual-v3")
        return self

    @property
    def embeds_on_bedrock(self) -> bool:
        """Whether embeddings come from Amazon Bedrock."""
        return (self.embedding_base_url or self.model_base_url) == BEDROCK

    @property
    def stack(self) -> str:
        """Name of the stack."""
        return self.stack_name or f"DocuMind-{self.name}"

    @property
    def is_local(self) -> bool:
        """Whether the stack is deployed onto a local AWS, which lacks some services."""
        return self.aws_endpoint is not None


_LOCAL: dict[str, Any] = {
    "search": "given",
    "website_url": "http://127.0.0.1:8300",
    "aws_endpoint": "http://127.0.0.1:8301",
    "model_base_url": "http://127.0.0.1:8302/v1",
    "search_endpoint": "http://127.0.0.1:8305",
    "chat_model": "documind-offline",
    "embedding_model": "universal-sentence-encoder-simplified",
    "embedding_dimensions": 512,
}
_BUDGETS = ("questions", "tokens", "pages")
_STAGES: dict[StageName, dict[str, Any]] = {
    "local": _LOCAL,
    "test": _LOCAL
    | {"apology_after_s": 15, "max_answer_s": 90, "answer_timeout_s": 95}
    | dict.fromkeys((f"{whose}_{what}_a_day" for whose in ("user", "room") for what in _BUDGETS), 10**9),
    "dev": {"search": "serverless"},
    "prod": {"search": "domain", "retain_data": True, "log_retention_days": 90},
}


def unknown(contexts: Iterable[str]) -> list[str]:
    """Return the contexts that are neither fields of a stage nor the CDK's own, which contain a colon or a slash."""
    known = {"stage", *_STAGES, *(field.name for field in fields(Stage))}
    return [name for name in contexts if name not in known and not {":", "/"} & set(name)]


def stage_from_context(context: Callable[[str], Any]) -> Stage:
    """Return the stage that the context `stage` names, with the fields that other contexts override.

    `context` returns the value of a context, or None; the context named like a stage holds overrides for that stage.
    Raises ValueError with a line for each invalid context.
    """
    name = context("stage")
    if name not in _STAGES:
        raise ValueError(f"context stage: {name!r} is none of {', '.join(_STAGES)}")
    overridable = [field.name for field in fields(Stage) if field.name != "name"]
    overrides = (context(name) or {}) | {field: value for field in overridable if (value := context(field)) is not None}
    values = {"name": name} | _STAGES[name] | overrides
    try:
        return TypeAdapter(Stage).validate_python(values)
    except ValidationError as error:
        faults = [f"context {'.'.join(map(str, e['loc'])) or '(together)'}: {e['msg']}" for e in error.errors()]
        raise ValueError("\n".join(faults)) from None
