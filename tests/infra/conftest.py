"""Synthesises each stage once for all tests of the stack, without packaging code."""

import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1")

from aws_cdk import App
from aws_cdk.assertions import Template

from infra.stack import DocumindStack
from infra.stage import stage_from_context

if TYPE_CHECKING:
    from tests.infra.packages import Packages

ROOT = Path(__file__).resolve().parents[2]
STAGES = ("local", "test", "dev", "prod")


class Stack:
    """The template of one stage, with look-ups for tests."""

    def __init__(self, stage: str, **contexts: Any) -> None:
        self.stage = stage
        self.template: dict[str, Any] = synthesise(stage, **contexts)

    def of_type(self, resource_type: str) -> dict[str, dict[str, Any]]:
        """Return the properties of all resources of a type, by logical id."""
        resources = self.template["Resources"].items()
        return {name: each.get("Properties", {}) for name, each in resources if each["Type"] == resource_type}

    def functions(self) -> dict[str, dict[str, Any]]:
        """Return the properties of our own functions, by handler."""
        functions = self.of_type("AWS::Lambda::Function").values()
        of_the_cdk = "index.handler"
        ours = [each for each in functions if "Layers" in each and each["Handler"] != of_the_cdk]
        return {each["Handler"]: each for each in ours}

    def statements(self) -> Iterator[tuple[str, dict[str, Any]]]:
        """Yield each statement of each policy of a role, with the logical ids of the roles."""
        for name, role in self.of_type("AWS::IAM::Role").items():
            for policy in role.get("Policies", []):
                for statement in policy["PolicyDocument"]["Statement"]:
                    yield name, statement
        for policy in self.of_type("AWS::IAM::Policy").values():
            roles = " ".join(role["Ref"] for role in policy["Roles"])
            for statement in policy["PolicyDocument"]["Statement"]:
                yield roles, statement

    def actions(self, handler: str) -> dict[str, set[str]]:
        """Return the actions that a function's role allows, by resource (as JSON)."""
        role = self.functions()[handler]["Role"]["Fn::GetAtt"][0]
        allowed: dict[str, set[str]] = {}
        for roles, statement in self.statements():
            if role in roles.split():
                for resource in as_list(statement["Resource"]):
                    allowed.setdefault(json.dumps(resource), set()).update(as_list(statement["Action"]))
        return allowed


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def synthesise(stage: str, **contexts: Any) -> dict[str, Any]:
    flags = json.loads((ROOT / "cdk.json").read_text())["context"]
    app = App(context={**flags, "aws:cdk:bundling-stacks": [], "stage": stage, **contexts})
    chosen = stage_from_context(app.node.try_get_context)
    return dict(Template.from_stack(DocumindStack(app, chosen.stack, stage=chosen)).to_json())


_stack = cache(Stack)


@pytest.fixture(params=STAGES)
def stack(request: pytest.FixtureRequest) -> Stack:
    return _stack(request.param)


@pytest.fixture(params=["dev", "prod"])
def hosted(request: pytest.FixtureRequest) -> Stack:
    """A stage on AWS."""
    return _stack(request.param)


@pytest.fixture
def local() -> Stack:
    return _stack("local")


@pytest.fixture
def dev() -> Stack:
    return _stack("dev")


@pytest.fixture
def prod() -> Stack:
    return _stack("prod")


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> "Packages":
    from tests.infra.packages import make_packages  # noqa: PLC0415  (it imports this module)

    pytest.importorskip("awslambdaric", reason="wheels of AWS's runtime client are for Linux only")
    return make_packages(tmp_path_factory.mktemp("packages"), _stack("local"))
