"""Valid frames made from the protocol's JSON Schema, and mutations of them."""

import json
import random
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jsonschema

from docs import protocol

SCHEMA = json.loads(protocol.schema())
DEFINITIONS = SCHEMA["$defs"]
NAMES: dict[str, str] = {  # of a frame's definition, by the `type` of the frame
    name: reference.rpartition("/")[2]
    for name, reference in DEFINITIONS["ClientFrame"]["discriminator"]["mapping"].items()
}
FORMS: dict[str, Callable[[random.Random], str]] = {
    protocol.ID_PATTERN: lambda randomness: f"id-{randomness.randrange(10**6)}",
    "^[0-9a-f]{64}$": lambda randomness: f"{randomness.getrandbits(256):064x}",
}
HOSTILE: Sequence[Any] = (
    None, True, False, 0, -1, 1, 1.0, 1.5, -0.0, 2**53 - 1, 2**53, 10**20, 10**400, 1e300,
    "", " ", "\u3000\x1c", "\ufeff", "\x00", "a\nb", "a\n", "\u202e", "\ud800", "🍎" * 200, "x" * 20_000, "長" * 4_001,
    "$connect", "../..", "here' OR 1=1", "{}", "USER#ann", "ROOM#", "__proto__",
    [], [[]], ["x"] * 101, {}, {"type": "ping"}, [None], [True],
)  # fmt: skip
FIELDS_TO_ADD = ("extra", "role", "owner", "user_id", "pk", "type ", "Type", "__class__", "")


class Frames:
    """Makes random frames; fields named in `known` take one of its values, in 90 % of cases or always."""

    def __init__(
        self, randomness: random.Random, known: Mapping[str, Sequence[str]], *, always_known: bool = False
    ) -> None:
        self._randomness = randomness
        self._known = known
        self._known_share = 1.0 if always_known else 0.9

    def valid(self, name: str) -> dict[str, Any]:
        """Return a frame that the schema of this type allows, at random without some of the optional fields."""
        schema = DEFINITIONS[NAMES[name]]
        required = [*schema["required"], *self._randomness.choice(schema.get("oneOf", [{}])).get("required", [])]
        excluded = {field for other in schema.get("oneOf", []) for field in other["required"]} - set(required)
        fields = [field for field in schema["properties"] if field not in excluded]
        frame = {
            field: self._field(field, schema["properties"][field])
            for field in fields
            if field in required or self._randomness.random() < 0.5
        }
        for field in required:
            while frame[field] is None:
                frame[field] = self._field(field, schema["properties"][field])
        return frame

    def mutated(self) -> str:
        """Return the text of a frame that has been changed in up to three places, or as a whole."""
        choice = self._randomness.choice
        frame: Any = self.valid(choice(list(NAMES)))
        for _ in range(self._randomness.randrange(4)):
            frame = choice((self._replace, self._leave_out, self._add, self._rename))(frame)
        if self._randomness.random() < 0.02:
            frame = choice(([frame], None, frame.get("type"), 7, "ping"))
        text = json.dumps(frame, ensure_ascii=self._randomness.random() < 0.5)
        return self._garbled(text) if self._randomness.random() < 0.1 else text

    def _field(self, name: str, schema: Mapping[str, Any]) -> Any:
        known = self._known.get(name)
        if known and self._randomness.random() < self._known_share:
            return self._randomness.choice(known)
        return self._value(schema)

    def _value(self, schema: Mapping[str, Any]) -> Any:
        if "anyOf" in schema:
            return self._value(self._randomness.choice(schema["anyOf"]))
        if "const" in schema or "enum" in schema:
            return self._randomness.choice(schema.get("enum", [schema.get("const")]))
        if schema["type"] == "array":
            return [self._value(schema["items"]) for _ in range(self._randomness.randrange(4))]
        if schema["type"] == "boolean":
            return self._randomness.choice((True, False))
        if schema["type"] == "integer":
            return self._randomness.choice((schema["minimum"], 7, min(schema["maximum"], 70_000), 2.0))
        return None if schema["type"] == "null" else self._text(schema)

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("pattern") in FORMS:
            return FORMS[schema["pattern"]](self._randomness)
        return self._randomness.choice(("a", " 質量是什麼？ ", "What is mass?", "😀" * 50))[: schema.get("maxLength")]

    def _replace(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {**frame, self._any_field(frame): self._randomness.choice(HOSTILE)}

    def _leave_out(self, frame: dict[str, Any]) -> dict[str, Any]:
        left_out = self._any_field(frame)
        return {field: value for field, value in frame.items() if field != left_out}

    def _add(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {**frame, self._randomness.choice(FIELDS_TO_ADD): self._randomness.choice(HOSTILE)}

    def _rename(self, frame: dict[str, Any]) -> dict[str, Any]:
        return {**frame, "type": self._randomness.choice([*NAMES, "sing", "$disconnect"])}

    def _any_field(self, frame: dict[str, Any]) -> str:
        return self._randomness.choice(list(frame) or ["request_id"])

    def _garbled(self, text: str) -> str:
        at = self._randomness.randrange(len(text))
        return self._randomness.choice(
            (text[:at], text[:at] + text[at + 1 :], text + text, text[:at] + "\\" + text[at:])
        )


def is_allowed(text: str) -> bool:
    """Tell whether the schema allows a frame; text that is not JSON in valid Unicode is not allowed."""
    try:
        frame = json.loads(text)
        json.dumps(frame, ensure_ascii=False).encode()
    except ValueError:  # also UnicodeEncodeError, for a lone surrogate
        return False
    return bool(VALIDATOR.is_valid(frame))


def _pattern(_validator: Any, pattern: str, instance: Any, _schema: Any) -> Any:
    """Match `$` as JSON Schema (ECMA) does, at the end only; Python's also matches before a final line break."""
    if isinstance(instance, str) and not re.search(pattern.replace("$", r"\Z"), instance):
        yield jsonschema.ValidationError(f"{instance!r} does not match {pattern!r}")


Validator = jsonschema.validators.extend(jsonschema.Draft202012Validator, {"pattern": _pattern})
VALIDATOR = Validator({"$ref": "#/$defs/ClientFrame", "$defs": DEFINITIONS})
