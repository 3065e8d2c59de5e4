"""Export files made by hand: of a phone of the tests, and of all that a stranger may send."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from server.sync.ledgers.ledger import sign
from server.sync.ledgers.office_keys import public_jwk
from tests.server.sync.phone import Phone

Parts = dict[str, bytes]


def parts_of(phone: Phone, first: int = 1, **device: Any) -> Parts:
    """What the phone would write of its lines from `first` on; `device` replaces fields of device.json."""
    lines = phone.lines[first - 1 :]
    person = {"id": phone.person_id, "username": "zhang", "name": "张师傅"}
    about = {"id": phone.id, "name": "phone", "public_key": json.loads(public_jwk(phone.key)), "person": person}
    return {
        "ledger.ndjson": b"".join(line + b"\n" for line in lines),
        "signature": sign(phone.key, lines[-1]).encode() if lines else b"",
        "device.json": json.dumps(about | {"first": first} | device).encode(),
    }


def zipped(parts: Parts, method: int = zipfile.ZIP_STORED) -> io.BytesIO:
    """A zip of these parts."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    file.seek(0)
    return file
