"""What the page is told, and the Content-Security-Policy that allows just that: both made from the stack's outputs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from urllib.parse import urlsplit


@dataclass(frozen=True)
class PageConfig:
    """The content of `config.json`; `session_url` gives a token without a sign-in and exists in the local run only."""

    websocket_url: str
    issuer: str
    client_id: str
    login_url: str
    documents_url: str  # of the bucket that the page posts PDFs to and reads them from
    session_url: str | None = None

    @classmethod
    def from_outputs(
        cls, outputs: Mapping[str, str], documents_url: str, session_url: str | None = None
    ) -> "PageConfig":
        return cls(
            websocket_url=outputs["WebSocketUrl"],
            issuer=outputs["Issuer"],
            client_id=outputs["PageClientId"],
            login_url=outputs["LoginUrl"],
            documents_url=documents_url,
            session_url=session_url,
        )

    def document(self) -> dict[str, str]:
        """The members of `config.json`."""
        return {name: value for name, value in asdict(self).items() if value and name != "documents_url"}

    def content_security_policy(self) -> str:
        """The page loads its own files only, and talks to its API, its bucket and its sign-in only."""
        addresses = (self.websocket_url, self.documents_url, self.issuer, self.login_url)
        connections = dict.fromkeys(origin(address) for address in addresses if address)
        directives = {
            "default-src": "'none'",
            "script-src": "'self'",
            "style-src": "'self'",  # pdf.js sets its styles through the object model, which needs no permission
            "worker-src": "'self'",
            "img-src": "'self' data: blob:",
            "font-src": "'self'",
            "connect-src": " ".join(["'self'", *connections]),
            "base-uri": "'none'",
            "form-action": "'none'",
            "frame-ancestors": "'none'",
        }
        return "; ".join(f"{name} {sources}" for name, sources in directives.items())


def origin(address: str) -> str:
    """Scheme, host and port of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
