"""A form is good for one sending. What it writes has ids that follow from the form and from what is written: one that
is sent again as it was changes nothing, and one that was changed before it was sent again is another wish.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import request
from uuid_utils import uuid7

from server.sync.exchange.office_ledger import NewOperation

FIELD: Final = "once"
_MADE_HERE: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# Of a UUID of version 7 (RFC 9562) the first 48 bits are its time, the rest but version and variant is anything.
_TIME: Final = ((1 << 48) - 1) << 80
# What the server adds at each sending.
_ADDED: Final = frozenset({"reported_at"})


def form_id() -> str | None:
    """The id of the form that was sent; None where it has none, or one that is not from here."""
    given = request.form.get(FIELD, "")
    return given if _MADE_HERE.fullmatch(given) else None


def named(operation: NewOperation, place: int = 0) -> NewOperation:
    """The operation with the id that it has whenever the form that was sent makes it at this place."""
    said = {name: value for name, value in operation.data.items() if name not in _ADDED}
    return replace(operation, id=identity(f"{place}", operation.kind, operation.target, said))


def identity(*what: object) -> str:
    """An id for `what` (JSON) of the form that was sent: a UUID of version 7, another for each form."""
    form = form_id()
    if form is None:
        return str(uuid7())
    meant = json.dumps([form, *what], ensure_ascii=False, sort_keys=True)
    drawn = int.from_bytes(hashlib.sha256(meant.encode(errors="surrogatepass")).digest()[:16])
    made = (UUID(form).int & _TIME) | (drawn & ~_TIME)
    made = made & ~(0xF << 76) | (7 << 76)
    return str(UUID(int=made & ~(0x3 << 62) | (0x2 << 62)))
