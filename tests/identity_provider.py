"""A small OpenID Connect provider on this machine: enough for a real login in a real browser.

It signs its tokens (RS256, published key), checks the client's secret, the redirect address and
PKCE, uses each code once, and logs in whoever the test says.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT = "observatoire"


@dataclass
class Provider:
    """What the provider knows; a test sets ``account`` before somebody logs in."""

    url: str
    redirect_uri: str
    secret: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    account: dict[str, Any] = field(default_factory=dict)
    age: int = 0  # seconds since the login, as the token says
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def token(self, nonce: str) -> str:
        """A signed identity token for the account."""
        issued = int(time.time()) - self.age
        claims = {
            "iss": self.url, "aud": CLIENT, "iat": issued, "exp": int(time.time()) + 600,
            "nonce": nonce, **self.account,
        }  # fmt: skip
        return jwt.encode({"alg": "RS256", "kid": "one"}, claims, self.key)

    def secrets_toml(self) -> str:
        """The operator's secrets file for this provider."""
        return (
            f'[auth]\nredirect_uri = "{self.redirect_uri}"\n'
            f'cookie_secret = "{secrets.token_urlsafe(32)}"\n'
            f'client_id = "{CLIENT}"\nclient_secret = "{self.secret}"\n'
            f'server_metadata_url = "{self.url}/.well-known/openid-configuration"\n'
        )


class _Handler(BaseHTTPRequestHandler):
    provider: Provider

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def _json(self, answer: Any, status: int = 200) -> None:
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _redirect(self, address: str) -> None:
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        provider, parts = self.provider, urlsplit(self.path)
        asked = {k: v[0] for k, v in parse_qs(parts.query).items()}
        if parts.path == "/.well-known/openid-configuration":
            self._json(
                {
                    "issuer": provider.url,
                    "authorization_endpoint": f"{provider.url}/authorize",
                    "token_endpoint": f"{provider.url}/token",
                    "jwks_uri": f"{provider.url}/keys",
                    "end_session_endpoint": f"{provider.url}/logout",
                    "id_token_signing_alg_values_supported": ["RS256"],
                    "code_challenge_methods_supported": ["S256"],
                    "response_types_supported": ["code"],
                    "subject_types_supported": ["public"],
                }
            )
        elif parts.path == "/keys":
            self._json({"keys": [provider.key.as_dict(private=False)]})
        elif parts.path == "/authorize":
            if asked.get("redirect_uri") != provider.redirect_uri:
                self._json({"error": "redirect_uri"}, 400)
                return
            code = secrets.token_urlsafe(16)
            provider.codes[code] = asked
            back = urlencode({"code": code, "state": asked["state"]})
            self._redirect(f"{provider.redirect_uri}?{back}")
        elif parts.path == "/logout":
            self._redirect(asked["post_logout_redirect_uri"])
        else:
            self._json({}, 404)

    def do_POST(self) -> None:
        provider = self.provider
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        sent = {k: v[0] for k, v in parse_qs(body).items()}
        basic = base64.b64encode(f"{CLIENT}:{provider.secret}".encode()).decode()
        asked = provider.codes.pop(sent.get("code", ""), None)
        verifier = hashlib.sha256(sent.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(verifier).decode().rstrip("=")
        known = self.headers.get("Authorization") == f"Basic {basic}"
        if asked is None or not known or asked.get("code_challenge") != challenge:
            self._json({"error": "invalid_grant"}, 400)
            return
        self._json(
            {
                "access_token": secrets.token_urlsafe(16),
                "token_type": "Bearer",
                "expires_in": 600,
                "id_token": provider.token(asked.get("nonce", "")),
            }
        )


@contextmanager
def provided(redirect_uri: str) -> Iterator[Provider]:
    """Run the provider on a free port for one client."""
    handler = type("Handler", (_Handler,), {})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    handler.provider = Provider(f"http://127.0.0.1:{server.server_port}", redirect_uri)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield handler.provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
