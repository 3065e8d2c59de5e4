"""The seal of a document: proof, for the day on which the server has lost it, that this server had made it.

A phone gives a document back as JSON that it has read and written again, so the seal is over the values and not
over bytes: members in the order of their names, whole numbers without a fraction.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_LARGEST_EXACT: Final = 2**53
# How a number looks that JavaScript may write otherwise; a text may look so, too, which costs only time.
_MAY_DIFFER: Final = re.compile(r"\.0[,\]}]|[0-9]{16}")


@dataclass(frozen=True)
class Sealer:
    """Makes seals under one key; knows those of former keys too."""

    key: bytes
    former: tuple[bytes, ...] = ()

    @classmethod
    def of(cls, secret: str, *former: str) -> Sealer:
        """The sealer of the server whose secret this is, and whose former ones those were."""
        return cls(_key(secret), tuple(_key(each) for each in former))

    def seal(self, kind: str, identity: str, version: int, body: dict[str, Any]) -> str:  # Any: JSON
        """HMAC-SHA-256 in lower-case hex over a document of this type, id and version."""
        return _made(self.key, _sealed_text([kind, identity, version, body]))

    def fits(
        self, seal: str, kind: str, identity: str, version: int, body: dict[str, Any], untyped: bool = False
    ) -> bool:  # Any: JSON
        """Whether `seal` was made here for exactly this; `untyped`: one from before seals bound the type will do."""
        given = seal.encode("utf-8", "replace")
        ways: list[list[Any]] = [[kind, identity, version, body]]
        if untyped:
            ways.append([identity, version, body])
        for way in ways:
            text = _sealed_text(way)
            if any(hmac.compare_digest(given, _made(key, text).encode()) for key in (self.key, *self.former)):
                return True
        return False


def _key(secret: str) -> bytes:
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"undercroft:document-seal")
    return kdf.derive(secret.encode())


def _sealed_text(sealed: list[Any]) -> str:  # Any: JSON
    """What a seal is over, as server and phones write it alike."""
    text = _text(sealed)
    return _text(_plain(sealed)) if _MAY_DIFFER.search(text) else text


def _made(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


def _text(value: Any) -> str:  # Any: JSON
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _plain(value: Any) -> Any:  # Any: JSON
    """Numbers as JavaScript gives them back: 25.0 is 25 there, and large whole numbers keep their first digits."""
    if isinstance(value, str):  # most are, and a batch seals a document for every line
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < _LARGEST_EXACT:
        return int(value)
    if isinstance(value, int) and abs(value) >= _LARGEST_EXACT:
        return float(value)
    if isinstance(value, dict):
        return {name: each if isinstance(each, str) else _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list) else value
