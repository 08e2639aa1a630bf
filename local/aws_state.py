"""Rewrites the port in the saved state of the local AWS when the run uses another one."""

from pathlib import Path

NAMING_SERVICES = ("apigateway", "cloudformation", "lambda", "sqs")  # their state contains URLs, the users' data do not
HOSTS = ("localhost", "127.0.0.1")


def move(state: Path, port: int) -> None:
    """Replace the former port in the saved state by `port`: MiniStack looks queues up by URL, port included."""
    mark = state / "port"
    before = mark.read_text() if mark.exists() else str(port)
    if before != str(port):
        for service in NAMING_SERVICES:
            path = state / f"{service}.json"
            if path.exists():
                path.write_text(readdressed(path.read_text(), before, str(port)))
    state.mkdir(parents=True, exist_ok=True)
    mark.write_text(str(port))


def readdressed(text: str, before: str, now: str) -> str:
    for host in HOSTS:
        text = text.replace(f"{host}:{before}/", f"{host}:{now}/").replace(f'{host}:{before}"', f'{host}:{now}"')
    return text
