"""The website's config.json and security headers, both made from the outputs of the stack."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class WebsiteConfig:
    """The content of `config.json`; `session_url`, of the local run only, returns a token without a sign-in."""

    websocket_url: str
    issuer: str
    client_id: str
    login_url: str
    session_url: str | None = None

    @classmethod
    def from_outputs(cls, outputs: Mapping[str, str], session_url: str | None = None) -> "WebsiteConfig":
        return cls(
            websocket_url=outputs["WebSocketUrl"],
            issuer=outputs["Issuer"],
            client_id=outputs["WebsiteClientId"],
            login_url=outputs["LoginUrl"],
            session_url=session_url,
        )

    def document(self) -> dict[str, str]:
        """Return the content of `config.json`."""
        return {name: value for name, value in asdict(self).items() if value}


def security_headers(addresses: list[str]) -> dict[str, str]:
    """Return the headers of every file of the website, which may connect to the origins of `addresses` only."""
    return {
        "Content-Security-Policy": _content_security_policy(addresses),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def _content_security_policy(addresses: list[str]) -> str:
    connections = dict.fromkeys(origin(address) for address in addresses)
    directives = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",  # pdf.js sets styles through the CSSOM, which the policy does not restrict
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
    """Return scheme, host and port of an address, which may contain CDK tokens."""
    return "/".join(address.split("/")[:3])
