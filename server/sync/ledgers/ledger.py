"""Verifying what a ledger claims: the chain of hashes and the signature over a batch's last line."""

from __future__ import annotations

import binascii
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    EllipticCurvePublicNumbers,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


def public_key(jwk: dict[str, Any]) -> EllipticCurvePublicKey:  # Any: JSON
    """The P-256 key of a JWK; raises ValueError for anything else, private keys included."""
    if jwk.get("kty") != "EC" or jwk.get("crv") != "P-256" or "d" in jwk:
        raise ValueError("not a public P-256 key")
    try:
        x, y = (int.from_bytes(_unpadded(jwk[name]), "big") for name in ("x", "y"))
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("not a public P-256 key") from error
    return EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()


def kept_key(jwk: Any) -> str:  # Any: JSON of a stranger
    """A public P-256 key in its shortest form, as devices keep it; raises ValueError for anything else."""
    if not isinstance(jwk, dict):
        raise ValueError("not a public P-256 key")
    public_key(jwk)
    return json.dumps({name: jwk[name] for name in ("kty", "crv", "x", "y")}, separators=(",", ":"))


def spki_pem(jwk_text: str) -> str:
    """A device's public key in the form that openssl reads (SubjectPublicKeyInfo, RFC 5280, as PEM)."""
    key = public_key(json.loads(jwk_text))
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def signature_der(signature: str | None) -> bytes | None:
    """A signature (base64url, raw r||s) in the form that openssl reads (DER); None for what is no signature."""
    try:
        raw = b"" if signature is None else _unpadded(signature)
    except ValueError:
        return None
    if len(raw) != 64:
        return None
    return encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))


def signature_fits(jwk_text: str, signature: str | None, last_line: bytes) -> bool:
    """Whether `signature` (base64url, ES256 raw r||s) is that of `last_line` under the device's key."""
    der = signature_der(signature)
    if der is None:
        return False
    try:
        public_key(json.loads(jwk_text)).verify(der, last_line, ECDSA(SHA256()))
    except (ValueError, InvalidSignature):
        return False
    return True


def sign(key: EllipticCurvePrivateKey, line: bytes) -> str:
    """ES256 over `line` as base64url of raw r||s, without padding."""
    r, s = decode_dss_signature(key.sign(line, ECDSA(SHA256())))
    return urlsafe_b64encode(r.to_bytes(32, "big") + s.to_bytes(32, "big")).rstrip(b"=").decode()


def _unpadded(text: str) -> bytes:
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
