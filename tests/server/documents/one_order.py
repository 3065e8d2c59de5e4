"""Operations on one order, brought into its body without a database."""

from __future__ import annotations

from typing import Any

from server.documents.operation import Body
from tests.server.documents.test_apply_vectors import VECTORS, apply

A, B = "0190a000-0000-7000-8000-00000000000a", "0190a000-0000-7000-8000-00000000000b"
FIELD = {"id": A, "role": "technician", "relation": "assignee", "device": "0190a000-0000-7000-8000-0000000000da"}
OTHER = {"id": B, "role": "technician", "relation": "assignee", "device": "0190a000-0000-7000-8000-0000000000db"}
OFFICE = VECTORS["opener"]
LINE = "0190d000-0000-7000-8000-000000000001"
PART = {"line": LINE, "part": None, "name": "seal", "unit": "", "quantity": "2", "unit_price": 1500, "source": "van"}
WORK = {"line": LINE, "name": "seal", "method": "", "unit": "", "quantity": "2", "unit_price": 1500}
UNKNOWN = "0190d000-0000-7000-8000-0000000000ff"


def write(body: Body, version: int, kind: str, data: dict[str, Any], actor: dict[str, Any] = FIELD, **more: Any) -> Any:
    """Bring an operation into the body; its result."""
    entry = {"id": f"0190b000-0000-7000-8000-0000000000{version:02}", "kind": kind, "data": data, "actor": actor}
    return apply(body, version, entry | {"at": f"2026-11-24T01:{version:02}:00.000Z"} | more, {"ways_back": 3})


def edit(**changes: Any) -> dict[str, Any]:
    """Changes of fields that were empty; a dot is written as two underscores."""
    return {"changes": {name.replace("__", "."): {"was": None, "now": now} for name, now in changes.items()}}
