"""The commands in the documents: each exists and accepts its arguments."""

import re
import shlex
from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
import typer
from botocore import xform_name

from docs.generate import ROOT
from documind_cli.commands import app

DOCUMENTS = [ROOT / "README.md", *(ROOT / "docs" / f"{name}.md" for name in ("operations", "settings"))]
PROGRAMS = ("aws", "documind", "make")
STARTS = re.compile(rf"\n(?=(?:{'|'.join(PROGRAMS)}) )")
OF_THE_COMMAND_LINE = {"s3 rb", "logs tail"}  # commands that are not operations of an AWS API
OF_ALL_COMMANDS = {"--region", "--query", "--cli-binary-format"}
# Parameters that a service requires although its model does not.
ASKED_FOR = {"filter-log-events": {"--log-group-name"}}


def typed() -> Iterator[list[str]]:
    """Yield the words of each command, from blocks of code and from sentences."""
    for document in DOCUMENTS:
        text = document.read_text().replace(".venv/bin/documind", "documind")
        blocks = re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
        sentences = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
        told = [part for block in blocks for part in STARTS.split("\n" + block.replace("\\\n", " "))]
        told += [" ".join(each.split()) for each in re.findall(r"(?<!`)`([^`]+)`", sentences)]
        for command in told:
            if command.partition(" ")[0] in PROGRAMS and " " in command:
                yield [word for word in shlex.split(command, comments=True) if word != "..."]


COMMANDS = {" ".join(words): words for words in typed()}


def of(program: str) -> list[Any]:
    return [pytest.param(words[1:], id=name) for name, words in COMMANDS.items() if words[0] == program]


@pytest.mark.parametrize("words", of("aws"))
def test_aws_has_the_command_and_its_options(words: list[str]) -> None:
    if " ".join(words[:2]) in OF_THE_COMMAND_LINE:
        return
    service, operation, *rest = words
    model = botocore.session.get_session().get_service_model(service.removesuffix("api"))
    names = {xform_name(name, "-"): name for name in model.operation_names}
    shape = model.operation_model(names[operation]).input_shape
    members: dict[str, Any] = dict(shape.members) if shape else {}
    takes = {f"--{xform_name(name, '-')}": name for name in members}
    given = {word for word in rest if word.startswith("--")} - OF_ALL_COMMANDS
    known = {takes.get(option) or takes[option.replace("--no-", "--")] for option in given}
    assert known >= set(shape.required_members if shape else []) - {"body"}
    assert given >= ASKED_FOR.get(operation, set())


@pytest.mark.parametrize("words", of("documind"))
def test_documind_has_the_command_and_its_options(words: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    while words and words[0] in getattr(command, "commands", {}):
        command, words = command.commands[words[0]], words[1:]
    assert not getattr(command, "commands", None) or set(words) <= {"--help"}, f"there is no command {words}"
    options = {option for parameter in command.params for option in parameter.opts} | {"--help"}
    assert {word for word in words if word.startswith("--")} <= options


@pytest.mark.parametrize("words", of("make"))
def test_make_has_the_target(words: list[str]) -> None:
    targets = re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE)
    assert words[0] in targets


def test_there_are_commands_of_each_kind() -> None:
    assert min(len(of(program)) for program in PROGRAMS) >= 10
