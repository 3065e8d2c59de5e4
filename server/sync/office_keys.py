"""The private keys of the office's ledgers, kept by the server, sealed with its secret."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from server.sync.secrets import fernet_for


class KeyVault:
    """Makes, seals and opens office keys."""

    def __init__(self, secret: str) -> None:
        self._fernet = fernet_for(secret, "office-key")

    def new_key(self) -> tuple[str, bytes]:
        """A fresh P-256 key: its public part as JWK text, its private part sealed."""
        key = generate_private_key(SECP256R1())
        der = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return public_jwk(key), self._fernet.encrypt(der)

    def open(self, sealed: bytes) -> EllipticCurvePrivateKey:
        """The private key inside `sealed`; raises cryptography.fernet.InvalidToken under another secret."""
        key = load_der_private_key(self._fernet.decrypt(sealed), password=None)
        assert isinstance(key, EllipticCurvePrivateKey)
        return key


def public_jwk(key: EllipticCurvePrivateKey) -> str:
    """The public part of `key` as the JSON text of a JWK (RFC 7517)."""
    numbers = key.public_key().public_numbers()
    x, y = (urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return json.dumps({"kty": "EC", "crv": "P-256", "x": x, "y": y}, separators=(",", ":"))
