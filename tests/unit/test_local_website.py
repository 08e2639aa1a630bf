"""The website server: what it serves, what its headers allow, and who gets a session."""

import http.client
import json
import re
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra import website_files
from infra.website_config import WebsiteConfig, security_headers
from local.website_server import WebsiteServer

OUTPUTS = {
    "WebSocketUrl": "ws://127.0.0.1:8301/_aws/execute-api/a1/live",
    "Issuer": "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_pool",
    "WebsiteClientId": "client",
    "LoginUrl": "http://127.0.0.1:8301",
}
CONFIG = WebsiteConfig.from_outputs(OUTPUTS, "/session")
HEADERS = security_headers([OUTPUTS["WebSocketUrl"], "http://127.0.0.1:8301", OUTPUTS["Issuer"]])
VERSION = "0123456789abcdef"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[WebsiteServer]:
    (tmp_path / "index.html").write_text("<title>DocuMind</title>")
    (tmp_path / VERSION / "lib").mkdir(parents=True)
    (tmp_path / VERSION / "lib" / "pdf.mjs").write_text("export {}")
    served = WebsiteServer(0, tmp_path, CONFIG, HEADERS, lambda user: {"access_token": f"token of {user or 'demo'}"})
    served.start()
    yield served
    served.stop()


def ask(server: WebsiteServer, method: str, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", int(server.url.rpartition(":")[2]), timeout=5)
    try:
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def test_the_page_and_its_modules_are_served_with_the_policy(server: WebsiteServer) -> None:
    status, headers, body = ask(server, "GET", "/")
    assert (status, body) == (200, b"<title>DocuMind</title>")
    assert headers["Cache-Control"] == "no-cache"
    library = ask(server, "GET", f"/{VERSION}/lib/pdf.mjs")[1]
    assert library["Content-Type"] == "text/javascript"
    assert library["Cache-Control"] == "public, max-age=31536000, immutable"
    for received in (headers, library):
        assert HEADERS.items() <= dict(received.items()).items()
    assert ask(server, "GET", f"/{VERSION}/lib/")[0] == 404


def test_a_browser_that_closes_the_connection_causes_no_output(
    server: WebsiteServer, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "large.js").write_bytes(bytes(20_000_000))
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5) as connection:
        connection.sendall(f"GET /large.js HTTP/1.1\r\nHost: {server.url.removeprefix('http://')}\r\n\r\n".encode())
        assert connection.recv(9) == b"HTTP/1.1 "
        # Before the connection is closed, because its thread then ends at once.
        (answering,) = (thread for thread in threading.enumerate() if "process_request_thread" in thread.name)
    answering.join(timeout=5)
    assert not answering.is_alive()
    assert capfd.readouterr().err == ""


def test_the_config_is_made_from_the_outputs(server: WebsiteServer) -> None:
    assert json.loads(ask(server, "GET", "/config.json")[2]) == {
        "websocket_url": OUTPUTS["WebSocketUrl"],
        "issuer": OUTPUTS["Issuer"],
        "client_id": "client",
        "login_url": "http://127.0.0.1:8301",
        "session_url": "/session",
    }


def test_the_policy_allows_the_addresses_of_the_config_and_no_foreign_script() -> None:
    directives = dict(part.split(" ", 1) for part in HEADERS["Content-Security-Policy"].split("; "))
    assert directives["default-src"] == "'none'"
    assert directives["script-src"] == "'self'"
    assert directives["connect-src"].split() == [
        "'self'",
        "ws://127.0.0.1:8301",
        "http://127.0.0.1:8301",
        "https://cognito-idp.us-east-1.amazonaws.com",
    ]


def test_only_the_page_gets_a_session(server: WebsiteServer) -> None:
    status, _, body = ask(server, "POST", "/session", Origin=server.url)
    assert (status, json.loads(body)["access_token"]) == (200, "token of demo")
    assert b"token of ann lee" in ask(server, "POST", "/session?user=ann%20lee", Origin=server.url)[2]
    assert ask(server, "POST", "/session?user=ann")[0] == 403
    assert ask(server, "POST", "/session")[0] == 403
    assert ask(server, "POST", "/session", Origin="http://evil.test")[0] == 403
    assert ask(server, "POST", "/session", Host="evil.test", Origin="http://evil.test")[0] == 403
    assert ask(server, "GET", "/config.json", Host="evil.test")[0] == 403
    assert ask(server, "GET", "/session")[0] == 404


def test_localhost_is_redirected_to_the_origin_that_the_api_accepts(server: WebsiteServer) -> None:
    port = server.url.rpartition(":")[2]
    status, headers, _ = ask(server, "GET", "/?code=a", Host=f"localhost:{port}")
    assert (status, headers["Location"]) == (307, f"{server.url}/?code=a")
    assert ask(server, "POST", "/session", Host=f"localhost:{port}", Origin=f"http://localhost:{port}")[0] == 403


def test_the_page_is_built_from_sources_and_packages(tmp_path: Path) -> None:
    sources, packages, target = tmp_path / "web", tmp_path / "node_modules", tmp_path / "built"
    (packages / "pdf" / "cmaps").mkdir(parents=True)
    (packages / "pdf" / "cmaps" / "a.bcmap").write_text("a")
    (packages / "pdf" / "pdf.min.mjs").write_text("b")
    sources.mkdir()
    (packages / "icons").mkdir()
    (packages / "icons" / "x.svg").write_text('<!-- a licence -->\n<svg\n  width="24"\n>\n  <path d="M6 6#" />\n</svg>')
    (sources / "parts").mkdir()
    (sources / "index.html").write_text(
        '<link rel="icon" href="icon.svg"><script src="main.js">\n'
        '    <link rel="stylesheet" href="styles/b.css">\n    <link rel="stylesheet" href="styles/a.css">\n  </head>'
    )
    (sources / "styles").mkdir()
    (sources / "styles" / "a.css").write_text("p { color: red }\n")
    (sources / "styles" / "b.css").write_text("b { color: red }\n")
    (sources / "main.js").write_text('import { part } from "./parts/part.js";\nimport("./drawing.js");\n')
    (sources / "drawing.js").write_text("")
    (sources / "parts" / "part.js").write_text('export { lib } from "../lib/pdf.js";\n')
    (sources / "types.d.ts").write_text("for the type checker")
    libraries = {"pdf/pdf.min.mjs": "lib/pdf.js", "pdf/cmaps": "lib/cmaps", "icons": ["x"]}
    (sources / "libraries.json").write_text(json.dumps(libraries))
    website_files.build(sources, packages, target)
    website_files.build(sources, packages, target)
    built = sorted(str(path.relative_to(target)) for path in target.rglob("*") if path.is_file())
    version = website_files.content_hash(sources, packages)
    files = ("lib/cmaps/a.bcmap", "lib/pdf.js", "main.js", "parts/part.js", "lib/icons.js", "drawing.js", "styles.css")
    assert built == sorted(["index.html", *(f"{version}/{file}" for file in files)])
    entry = (target / "index.html").read_text()
    assert entry.startswith(f'<link rel="icon" href="{version}/icon.svg"><script src="{version}/main.js">')
    preloaded = re.findall(rf'<link rel="modulepreload"(.*?) href="{version}/(.+?)">', entry)
    meanwhile = ' fetchpriority="low"'
    assert preloaded == [("", "main.js"), ("", "parts/part.js"), ("", "lib/pdf.js"), (meanwhile, "drawing.js")]
    assert re.findall(r'rel="stylesheet" href="(.+?)"', entry) == [f"{version}/styles.css"]
    assert (target / version / "styles.css").read_text() == "b { color: red }\np { color: red }\n"
    icons = (target / version / "lib" / "icons.js").read_text()
    assert icons == 'export default {"x": "<path d=\\"M6 6#\\" />"};\n'
    assert website_files.cache_control(f"/{version}/main.js") == website_files.CACHED_FOR_EVER
    (packages / "pdf" / "cmaps" / "a.bcmap").write_text("changed")
    assert website_files.content_hash(sources, packages) != version


def test_a_library_that_is_missing_is_named(tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    (tmp_path / "web" / "libraries.json").write_text(json.dumps({"absent.js": "lib/a.js"}))
    with pytest.raises(FileNotFoundError, match=r"libraries\.json names absent\.js"):
        website_files.build(tmp_path / "web", tmp_path / "packages", tmp_path / "built")
