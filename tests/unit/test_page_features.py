"""The page uses only features of current Firefox and Safari, according to MDN's browser-compat-data."""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
DATA = ROOT / "node_modules" / "@mdn" / "browser-compat-data" / "data.json"
BROWSERS = ("firefox", "safari", "safari_ios")

HARMLESS = {
    "resize",  # only removes a handle, which iOS does not have
    "forced-color-adjust",  # Safari has no forced colours
}

PROPERTY = re.compile(r"[{;]\s*([a-z][a-z-]+)\s*:(?!:)[^{}]*?(?=[;}])")
FEATURES = {  # patterns of features in the sources, each with its path in the data
    r"light-dark\(": "css.types.color.light-dark",
    r"color-mix\(": "css.types.color.color-mix",
    r":has\(": "css.selectors.has",
    r":is\(": "css.selectors.is",
    r":popover-open": "css.selectors.popover-open",
    r"@container": "css.at-rules.container",
    r"\dlh": "css.types.length.lh",
    r"\ddvh": "css.types.length.viewport_percentage_units_dynamic",
    r"checkVisibility\(": "api.Element.checkVisibility",
    r"showModal\(": "api.HTMLDialogElement.showModal",
    r"showPopover\(\{ source": "api.HTMLElement.showPopover.options_source_parameter",
    r"popovertarget=": "html.elements.button.popovertarget",
    r"Map\.groupBy": "javascript.builtins.Map.groupBy",
    r"withResolvers\(": "javascript.builtins.Promise.withResolvers",
    r"toSorted\(": "javascript.builtins.Array.toSorted",
    r"findLast\(": "javascript.builtins.Array.findLast",
    r"\.at\(": "javascript.builtins.Array.at",
    r"URL\.parse\(": "api.URL.parse_static",
    r"randomUUID": "api.Crypto.randomUUID",
    r"<search": "html.elements.search",
    r'rel="modulepreload"|rel="preload"': "html.elements.link.rel.preload",
    r"import\(": "javascript.operators.import",
    r"  #\w+\(": "javascript.classes.private_class_methods",
}


@cache
def data() -> dict[str, Any]:
    read: dict[str, Any] = json.loads(DATA.read_text())
    return read


def sources() -> str:
    files = [path for suffix in ("js", "css", "html") for path in WEB.rglob(f"*.{suffix}")]
    return "\n".join(path.read_text() for path in files)


def missing_in(place: str) -> list[str]:
    """Return the browsers whose current release lacks a feature, given by its path in the data."""
    node = data()
    for step in place.split("."):
        node = node[step]
    support = node["__compat"]["support"]
    lacking = []
    for browser in BROWSERS:
        statements = support[browser] if isinstance(support[browser], list) else [support[browser]]
        releases = data()["browsers"][browser]["releases"]
        current = {version for version, release in releases.items() if release["status"] in {"current", "retired"}}
        whole = [each for each in statements if not each.get("flags") and not each.get("version_removed")]
        if not any(str(each["version_added"]).removeprefix("≤") in current for each in whole):
            lacking.append(browser)
    return lacking


def test_firefox_and_safari_have_every_property_of_the_style_sheets() -> None:
    styles = "\n".join(path.read_text() for path in (WEB / "styles").glob("*.css"))
    used = set(PROPERTY.findall(re.sub(r"/\*.*?\*/", "", styles, flags=re.DOTALL)))
    assert {"display", "stroke", "position-area"} <= used, "the style sheets are read"
    lacking = {name: missing_in(f"css.properties.{name}") for name in used - HARMLESS}
    assert {name: browsers for name, browsers in lacking.items() if browsers} == {}


@pytest.mark.parametrize("pattern", FEATURES)
def test_firefox_and_safari_have_the_other_features_of_the_page(pattern: str) -> None:
    assert re.search(pattern, sources()), "used no more"
    assert missing_in(FEATURES[pattern]) == []
