"""Firefox, controlled by its own WebDriver BiDi (https://w3c.github.io/webdriver-bidi/)."""

import json
import re
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from websockets.sync.client import ClientConnection, connect

LISTENING = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
WAITING_S = 20
SIZE = {"width": 1280, "height": 860}
ENTER, ESCAPE = "\ue007", "\ue00c"  # WebDriver's codes of these keys


@contextmanager
def started_firefox(program: str, profile: Path, preferences: dict[str, str | int]) -> Iterator["Firefox"]:
    """Start Firefox without a window, with a new profile."""
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in preferences.items()]
    profile.mkdir()
    (profile / "user.js").write_text("\n".join(lines))
    command = [program, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", str(profile)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            address = next((found[1] for line in process.stderr if (found := LISTENING.search(line))), None)
            if address is None:  # Ubuntu's `firefox` may be a stub that names a snap
                pytest.skip(f"{program} ended without listening")
            with connect(f"{address}/session", max_size=None) as socket:
                yield Firefox(socket)
        finally:
            process.terminate()


class Firefox:
    """A tab of Firefox."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._commands = 0
        self._command("session.new", capabilities={})
        self._tab = self._command("browsingContext.create", type="tab")["context"]
        self._command("browsingContext.setViewport", context=self._tab, viewport=SIZE)

    def go(self, url: str) -> None:
        self._command("browsingContext.navigate", context=self._tab, url=url, wait="complete")

    def evaluate(self, expression: str) -> Any:
        """Return the value of an expression: a string, number, boolean or null; raises AssertionError on an error."""
        target = {"context": self._tab}
        said = self._command("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert said["type"] == "success", said["exceptionDetails"]["text"]
        return said["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Wait until an expression is true and return its value; raises AssertionError if it never is."""
        until = time.monotonic() + WAITING_S
        while not (value := self.evaluate(expression)):
            assert time.monotonic() < until, f"never true: {expression}\n{self.evaluate('document.body.innerText')}"
            time.sleep(0.1)
        return value

    def click(self, selector: str) -> None:
        """Wait for an element that a selector finds, and click the middle of the first."""
        found = f"document.querySelector({json.dumps(selector)})"
        self.wait_for(f"{found}?.checkVisibility() ?? false")
        place = json.loads(
            self.evaluate(
                f"{found}.scrollIntoView({{ block: 'nearest' }}),"
                f"(({{ x, y, width, height }}) => JSON.stringify([x + width / 2, y + height / 2]))"
                f"({found}.getBoundingClientRect())"
            )
        )
        move = {"type": "pointerMove", "x": round(place[0]), "y": round(place[1])}
        press = [{"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
        self._act({"type": "pointer", "id": "mouse", "actions": [move, *press]})

    def type(self, text: str) -> None:
        """Press one key after the other."""
        strokes = [{"type": kind, "value": key} for key in text for kind in ("keyDown", "keyUp")]
        self._act({"type": "key", "id": "keys", "actions": strokes})

    def _act(self, source: dict[str, Any]) -> None:
        self._command("input.performActions", context=self._tab, actions=[source])

    def _command(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._commands += 1
        self._socket.send(json.dumps({"id": self._commands, "method": method, "params": parameters}))
        while True:
            said = json.loads(self._socket.recv())
            if said.get("id") == self._commands:
                assert said["type"] == "success", f"{method}: {said}"
                result: dict[str, Any] = said["result"]
                return result
