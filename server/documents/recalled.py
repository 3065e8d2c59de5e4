"""What a phone gives back of a document after the server lost history (protocol.md, "Healing")."""

from __future__ import annotations

import base64
import binascii
import json
import zlib
from collections.abc import Mapping
from typing import Any, Final

from server.documents.operation import Body

MAX_BODY_BYTES: Final = 4 * 1024 * 1024


def recalled_body(data: Mapping[str, Any]) -> Body | None:  # Any: the data of a recall
    """The body that is offered, out of its packing (base64 of gzip of JSON) where it has one; None where it cannot
    be read or is larger than any document."""
    if data["packed"] is None:
        return data["body"]  # type: ignore[no-any-return]  # an object, by its shape
    try:
        opener = zlib.decompressobj(wbits=31)
        content = opener.decompress(base64.b64decode(data["packed"], validate=True), MAX_BODY_BYTES)
        value = json.loads(content) if opener.eof else None
    except (binascii.Error, zlib.error, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
