"""The page's own logic, and its agreement with the protocol and the error registry."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import get_args

import pytest
from pydantic import BaseModel

from documind.errors import Code, Ending
from documind.wire import records
from documind.wire.client import CLIENT_FRAME_CLASSES
from documind.wire.server import AnyServerFrame

ROOT = Path(__file__).resolve().parents[2]
PROTOCOL = (ROOT / "web" / "protocol.d.ts").read_text()
RECORDS = {"Member", "Room", "Document", "Citation", "Message", "Receipt", "Removed", "Limits"}
OTHER_NAMES = {"Document": "RoomDocument"}  # `Document` is the browser's
OF_DOCUMENTS = ("upload_", "pdf_", "pages_", "document_limit", "model_", "search_", "ingest_", "internal")
SERVER_FRAME_CLASSES = get_args(get_args(AnyServerFrame)[0])


def node(*arguments: str) -> str:
    program = shutil.which("node", path=str(ROOT / ".venv" / "bin")) or shutil.which("node")
    assert program, "node is installed with the Python packages: make install"
    run = subprocess.run([program, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout


@pytest.mark.parametrize("part", ["connection", "frames", "starters"])
def test_the_logic_of_the_page(part: str) -> None:
    node("--test", f"tests/unit/page/{part}.test.mjs")


def body_of(interface: str) -> str:
    found = re.search(rf"interface {interface} (?:extends \w+ )?{{(.*?)\n}}", PROTOCOL, re.DOTALL)
    assert found, f"web/protocol.d.ts lacks {interface}"
    return found[1]


def properties(interface: str) -> set[str]:
    return set(re.findall(r"^  (\w+)\??:", body_of(interface), re.MULTILINE))


@pytest.mark.parametrize("name", sorted(RECORDS))
def test_the_page_knows_every_field_of_a_record(name: str) -> None:
    model: type[BaseModel] = getattr(records, name)
    assert properties(OTHER_NAMES.get(name, name)) == set(model.model_fields)


@pytest.mark.parametrize("frame", SERVER_FRAME_CLASSES, ids=lambda frame: str(frame.__name__))
def test_the_page_knows_every_field_of_a_server_frame(frame: type[BaseModel]) -> None:
    kind = frame.model_fields["type"].default
    interface = re.search(rf'interface (\w+) extends \w+ {{\n  type: "{re.escape(kind)}"', PROTOCOL)
    assert interface, f"web/protocol.d.ts lacks the frame {kind}"
    assert properties(interface[1]) == set(frame.model_fields) - {"request_id", "chat_id"}


def test_the_page_sends_only_frames_of_the_protocol() -> None:
    declared: dict[str, set[str]] = {}
    for kind, fields in re.findall(r'\| { type: "([\w.]+)"(.*?) }', PROTOCOL):
        declared.setdefault(kind, set()).update(re.findall(r"(\w+)\??:", fields))
    known = {str(frame.model_fields["type"].default): set(frame.model_fields) for frame in CLIENT_FRAME_CLASSES}
    assert declared == {kind: fields - {"type", "request_id"} for kind, fields in known.items()}


@pytest.mark.parametrize("language", ["en", "zh-TW"])
def test_every_failure_and_ending_has_its_sentence_on_the_page(language: str) -> None:
    script = f"""
        const {{ strings }} = await import("./web/strings.js");
        const {{ failure, ending }} = strings["{language}"];
        console.log(JSON.stringify({{ failure, ending }}));
    """
    sentences = json.loads(node("--input-type=module", "--eval", script))
    assert {code.value for code in Code if code.startswith(OF_DOCUMENTS)} <= set(sentences["failure"])
    assert set(sentences["ending"]) == {ending.value for ending in Ending}
