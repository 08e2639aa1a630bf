"""The page of settings: what each function reads from its environment, and all that differs between stages."""

import json
from dataclasses import fields
from typing import Any, get_args

from docs.source import docstring, field_comments, table
from documind import settings
from documind.settings import Settings
from infra.stage import Stage, StageName, stage_from_context

STAGES: tuple[StageName, ...] = get_args(StageName)
CLASSES = [each for each in vars(settings).values() if isinstance(each, type) and issubclass(each, Settings)]
FUNCTIONS = [each for each in CLASSES if not any(each in other.__bases__ for other in CLASSES)]
HEAD = """# Settings

Generated from `documind.settings` and `infra/stage.py` by `make docs`; a test checks that it is current. These
environment variables configure `make run`:

| variable | for `make run` |
| --- | --- |
| `PORT_BASE` | first of the five ports it listens on, 8300 when unset |
| `OPENAI_API_KEY` | a real model answers instead of the offline one; this and the following may be in a file `.env` |
| `OPENAI_BASE_URL` | another server of the same protocol; a server without a key needs no other variable |
| `CHAT_MODEL`, `EMBEDDING_MODEL` | names of its models |
| `EMBEDDING_BASE_URL`, `EMBEDDING_API_KEY` | another server for the embeddings, and its key |
| `EMBEDDING_DIMENSIONS` | length of the vectors in requests; unset: the server decides |

`make run` checks such a server first, and stops with a sentence if it cannot be used.

## Stages

`make deploy STAGE=NAME`; any field can be given for one deployment by `WITH="-c FIELD=VALUE"`. To keep it, put it under
`context` in `cdk.json`, under the name of its stage: `"prod": {"alarm_email": "ann@example.org", "search_nodes": 2}`.
The addresses of `local` and `test` are examples of a local AWS; the launcher passes the real ones.
"""


def page() -> str:
    """Return the settings as Markdown."""
    stages = [stage_from_context({"stage": name}.get) for name in STAGES]
    comments = field_comments(Stage)
    differing, same = [], []
    for field in fields(Stage):
        values = [getattr(stage, field.name) for stage in stages]
        if field.name == "name":
            continue
        if len(set(values)) > 1:
            differing.append((f"`{field.name}`", *map(shown, values), comments.get(field.name, "")))
        else:
            same.append((f"`{field.name}`", shown(values[0]), comments.get(field.name, "")))
    lines = [HEAD, *table(("field", *STAGES, ""), differing), "", "The same on every stage unless given:", ""]
    lines += [*table(("field", "value", ""), same), "", "## Environment of the functions", ""]
    lines += ["Written by the stack and checked when it is synthesised; nobody sets them by hand.", ""]
    for each in FUNCTIONS:
        folder = snake_case(each.__name__.removesuffix("Settings"))
        lines += [f"### {folder}", "", docstring(each), "", *variables(each), ""]
    return "\n".join(lines).rstrip() + "\n"


def variables(subject: type[Settings]) -> list[str]:
    comments = field_comments(subject)
    rows = [
        (f"`{name.upper()}`", "required" if field.is_required() else shown(field.default), comments.get(name, ""))
        for name, field in subject.model_fields.items()
    ]
    return table(("variable", "default", ""), rows)


def shown(value: Any) -> str:
    return "–" if value is None else f"`{value if isinstance(value, str) else json.dumps(value)}`"


def snake_case(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")
