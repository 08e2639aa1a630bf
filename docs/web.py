"""What the page takes from the code: the types of the protocol's frames, and the sentences of errors and endings."""

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from docs import protocol
from documind.errors import ENDING_SENTENCES, SENTENCES, Code
from documind.languages import Language, Sentence

ROOT = Path(__file__).resolve().parents[1]
NODE = ROOT / ".venv" / "bin" / "node"
JSON2TS = ROOT / "node_modules" / ".bin" / "json2ts"
LANGUAGES: tuple[Language, ...] = ("en", "zh-TW")
MADE_FROM = "// Made from {source} by `make docs`; a test holds it to that."
REASONS_TYPE = "/** @type {Record<string, [string, string]>} why a document failed, in English and Chinese */"
ENDINGS_TYPE = '/** @type {Record<Exclude<import("./protocol.d.ts").Ending, "answer">, [string, string]>} */'
OTHER_REASONS = (
    Code.PAGES_BUDGET,
    Code.MODEL_UNAVAILABLE,
    Code.SEARCH_UNAVAILABLE,
    Code.INGEST_FAILED,
    Code.INTERNAL,
)


def types() -> str:
    """Return the TypeScript declarations of all frames; raises CalledProcessError if their schema cannot be read."""
    banner = MADE_FROM.format(source="docs/protocol.schema.json")
    command = [str(NODE), str(JSON2TS), "--style.printWidth=120", f"--bannerComment={banner}"]
    schema = json.dumps(for_typescript(json.loads(protocol.schema())))
    return subprocess.run(command, input=schema, capture_output=True, text=True, check=True).stdout  # noqa: S603


def for_typescript(schema: Any) -> Any:
    """Return a JSON Schema as json-schema-to-typescript wants it.

    It makes a type of every title, so there are none; of tuples it knows those of draft 7 (`items`, not `prefixItems`).
    """
    if isinstance(schema, list):
        return [for_typescript(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        "items" if name == "prefixItems" else name: for_typescript(each)
        for name, each in schema.items()
        if not (name == "title" and isinstance(each, str))
    }


def sentences() -> str:
    """Return the module of the sentences that come without their words, by kind and code.

    Why a document failed is told by its code alone; every other error comes with its sentence.
    """
    reasons = [code for code in SENTENCES if code.startswith(("upload_", "pdf_")) or code in OTHER_REASONS]
    head = MADE_FROM.format(source="documind.errors")
    written = _constant("reasons", REASONS_TYPE, ((code.value, SENTENCES[code]) for code in reasons))
    endings = ((ending.value, sentence) for ending, sentence in ENDING_SENTENCES.items())
    return f"{head}\n{written}{_constant('endings', ENDINGS_TYPE, endings)}"


def _constant(constant: str, type_comment: str, named: Iterable[tuple[str, Sentence]]) -> str:
    lines = [
        f"  {name}: {json.dumps([sentence.template(language) for language in LANGUAGES], ensure_ascii=False)},\n"
        for name, sentence in named
    ]
    return f"\n{type_comment}\nexport const {constant} = {{\n{''.join(lines)}}};\n"
