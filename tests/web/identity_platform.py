"""A small OpenID Connect platform on loopback: a process of its own, which signs what its orders say.

``python identity_platform.py PORT ORDERS``: ORDERS is a JSON file, read anew for each token, that says what to lie about.
"""

import base64
import hashlib
import json
import secrets
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

PORT, ORDERS = int(sys.argv[1]), Path(sys.argv[2])
ISSUER = f"http://127.0.0.1:{PORT}"
KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
OTHER_KEY = RSAKey.generate_key(2048, {"kid": "1", "use": "sig", "alg": "RS256"})
GRANTS = {}


class Platform(BaseHTTPRequestHandler):
    """Discovery, keys, log-in without a page, and the exchange of a code for a token."""

    def log_message(self, *parts):
        """Say nothing."""

    def answer(self, values, status=200):
        content = json.dumps(values).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def do_GET(self):
        parts = urlsplit(self.path)
        if parts.path == "/.well-known/openid-configuration":
            names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "keys"}
            self.answer(
                {
                    "issuer": ISSUER,
                    "id_token_signing_alg_values_supported": ["RS256"],
                    **{name: f"{ISSUER}/{path}" for name, path in names.items()},
                }
            )
        elif parts.path == "/keys":
            self.answer({"keys": [KEY.as_dict(private=False)]})
        elif parts.path == "/authorize":
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            assert query["code_challenge_method"] == "S256"
            code = secrets.token_urlsafe(16)
            GRANTS[code] = query
            state = json.loads(ORDERS.read_text()).get("state", query["state"])
            self.send_response(302)
            self.send_header(
                "Location", f"{query['redirect_uri']}?{urlencode({'code': code, 'state': state})}"
            )
            self.end_headers()
        else:
            self.answer({}, 404)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        grant = GRANTS.pop(form.get("code"), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        client = base64.b64decode(self.headers.get("Authorization", " ").split(" ")[1]).decode()
        if (
            not grant
            or challenge.rstrip(b"=").decode() != grant["code_challenge"]
            or client != "xuezheng:secret"
        ):
            self.answer({"error": "invalid_grant"}, 400)
            return
        orders, now = json.loads(ORDERS.read_text()), int(time.time())
        claims = {
            "iss": ISSUER, "sub": "teacher-7", "aud": "xuezheng", "azp": "xuezheng", "iat": now, "exp": now + 300,
            "nonce": grant["nonce"], **orders.get("claims", {}),
        }  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        key = OTHER_KEY if orders.get("forged") else KEY
        token = jwt.encode({"alg": "RS256", "kid": "1"}, claims, key)
        values = {"access_token": "x", "token_type": "Bearer", "id_token": token}
        self.answer({} if orders.get("empty") else values)


ThreadingHTTPServer(("127.0.0.1", PORT), Platform).serve_forever()
