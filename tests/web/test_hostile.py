"""Hostile text in answers, questions, quotes and names: no script runs and nothing is fetched."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.scripted import ScriptedServer, citation

Visit = Callable[..., Page]
RUN = "<img src=x onerror=alert(1)><script>alert(1)</script><svg onload=alert(1)>"
MARKDOWN = f"""{RUN}

![pixel](http://evil.test/pixel.png) [click](javascript:alert(1)) [site](http://evil.test/)

<iframe src="http://evil.test"></iframe> <a href="http://evil.test" onclick="alert(1)">link</a>

> # A quoted heading
> that is none

A line over a rule
---

[1]: http://evil.test "a definition, not a citation"

The claim [1].

```html
{RUN}
```
"""
NAME = 'a"><img src=x onerror=alert(1)>\u202egpj.pdf'


def test_hostile_text_is_shown_as_text(visit: Visit, server: ScriptedServer) -> None:
    server.name = RUN
    document = server.add_document(NAME)
    server.add_document(NAME, status="failed", reason="pdf_invalid")
    server.members.append({"user_id": "u2", "name": RUN, "role": "writer", "here": True})
    server.add_turn(RUN, MARKDOWN, [citation(1, document, 1, RUN)])
    page = visit()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    answer = page.locator(".answer")
    expect(answer.locator("button.chip")).to_have_count(2)  # the link definition is also text with a number
    expect(answer.locator(".copy-code")).to_be_visible()
    assert answer.locator("img, iframe, script, svg:not(.icon), [onclick], [onerror], h1, h2").count() == 0
    hrefs = answer.locator("a").evaluate_all("(links) => links.map((link) => link.getAttribute('href'))")
    assert set(hrefs) - {None} <= {"http://evil.test/", "http://evil.test"}
    expect(answer).to_contain_text("site (evil.test)")
    for link in answer.locator("a").all():
        assert "noopener" in (link.get_attribute("rel") or "")
    page.locator("button.passages").click()
    page.locator("button.chip").first.hover()
    expect(page.locator(".hovercard")).to_contain_text("<script>")
    page.locator(".people").click()
    expect(page.locator(".member-list")).to_contain_text("<script>")
    assert page.locator("#page img:not([src$='icon.svg'])").count() == 0
    assert dialogs == []


def test_code_is_coloured_and_copied(visit: Visit, server: ScriptedServer) -> None:
    server.add_turn("How?", "So:\n\n```python\ndef answer():\n    return 42\n```\n\nThat is it.")
    page = visit()
    expect(page.locator(".answer .hljs-keyword").first).to_have_text("def")
    page.locator(".copy-code").click()
    assert page.evaluate("() => navigator.clipboard.readText()") == "def answer():\n    return 42\n"


def test_an_answer_is_copied_with_its_citations_and_without(visit: Visit, server: ScriptedServer) -> None:
    document = server.add_document("handbook.pdf")
    server.add_turn("How much?", "The fee is 25 euros [1].", [citation(1, document, 3, "25 euros a year")])
    page = visit()
    page.get_by_role("button", name="Copy", exact=True).click()
    assert page.evaluate("() => navigator.clipboard.readText()") == "The fee is 25 euros."
    page.get_by_role("button", name="Copy with citations").click()
    assert page.evaluate("() => navigator.clipboard.readText()") == (
        "The fee is 25 euros [^1].\n\n[^1]: handbook.pdf, page 3: “25 euros a year”\n"
    )
    page.locator(".answer .block").evaluate("(block) => getSelection().selectAllChildren(block)")
    page.keyboard.press("Control+c")
    assert "euros1" not in page.evaluate("() => navigator.clipboard.readText()").replace(" ", "")
