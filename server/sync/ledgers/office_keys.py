"""The private keys of the office's ledgers, kept by the server, sealed with its secret."""

from __future__ import annotations

import json
from base64 import urlsafe_b64encode

from cryptography.fernet import InvalidToken
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)
from sqlalchemy import Connection, select, update

from server.models import Device
from server.sync.ledgers.secrets import fernet_for, fernets_for


class KeyVault:
    """Makes, seals and opens office keys; opens those that a former secret has sealed too."""

    def __init__(self, secret: str, *former: str) -> None:
        self._present = fernet_for(secret, "office-key")
        self._fernet = fernets_for(secret, former, "office-key")

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

    def renewed(self, sealed: bytes) -> bytes | None:
        """The same key sealed with the present secret, None where it is; raises InvalidToken as `open` does."""
        try:
            self._present.decrypt(sealed)
        except InvalidToken:
            return self._fernet.rotate(sealed)
        return None


def renew_all(connection: Connection, vault: KeyVault) -> list[str]:
    """Seal every office ledger's key with the present secret; returns the ledgers whose key no known secret opens."""
    office = select(Device.id, Device.sealed_key).where(Device.sealed_key.is_not(None), Device.revoked_at.is_(None))
    lost = []
    for row in connection.execute(office.order_by(Device.id).with_for_update()).all():
        try:
            renewed = vault.renewed(row.sealed_key)
        except InvalidToken:
            lost.append(row.id)
            continue
        if renewed is not None:
            connection.execute(update(Device).where(Device.id == row.id).values(sealed_key=renewed))
    return lost


def public_jwk(key: EllipticCurvePrivateKey) -> str:
    """The public part of `key` as the JSON text of a JWK (RFC 7517)."""
    numbers = key.public_key().public_numbers()
    x, y = (urlsafe_b64encode(n.to_bytes(32, "big")).rstrip(b"=").decode() for n in (numbers.x, numbers.y))
    return json.dumps({"kty": "EC", "crv": "P-256", "x": x, "y": y}, separators=(",", ":"))
