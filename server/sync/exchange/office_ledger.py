"""The office's own ledgers: its edits are operations too, written as lines, chained, signed and taken in by
the same function as a phone's."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select
from uuid_utils import uuid7

from server.evidence.time_bounds import Reading
from server.models import Device, Person
from server.sync.apply import Author
from server.sync.exchange.exchange import Request, take_in
from server.sync.ledgers.anchors import AnchorMint
from server.sync.ledgers.ledger import sign
from server.sync.ledgers.line import ANCHOR, hash_of
from server.sync.ledgers.office_keys import KeyVault
from server.sync.ledgers.outcome import Outcome
from server.sync.store.company import Company

RUN: Final = str(uuid7())
# Made once: to put a statement together costs more than to run it.
OFFICE_DEVICE: Final = (
    select(Device.__table__)
    .where(Device.person_id == bindparam("person"), Device.kind == "office", Device.revoked_at.is_(None))
    .with_for_update()
)


@dataclass(frozen=True)
class NewOperation:
    """What somebody in the office does; `seen` is the version of the document that the page showed. `target` is None
    for what is about no work order or device."""

    kind: str
    target: str | None
    data: dict[str, Any]  # Any: JSON in the shapes of work-orders.md
    seen: int | None = None
    id: str = field(default_factory=lambda: str(uuid7()))


@dataclass(frozen=True)
class OfficePen:
    """What writing for the office needs beside a connection."""

    vault: KeyVault
    mint: AnchorMint
    company: Company
    clock: Callable[[], datetime]


def write(
    connection: Connection, pen: OfficePen, person_id: str, operations: list[NewOperation], now: datetime
) -> list[Outcome]:
    """Write `operations` into the person's office ledger and take them in; one outcome each, in order.

    Inside the caller's write transaction: what is answered holds once that commits. Raises LookupError for
    a person who does not exist.
    """
    device = _office_device(connection, pen.vault, person_id, now)
    role = connection.execute(select(Person.role).where(Person.id == person_id)).scalar_one()
    return write_into(connection, pen, device, Author(person_id, role, device.id), operations, now)


def write_into(
    connection: Connection, pen: OfficePen, device: Any, author: Author, operations: list[NewOperation], now: datetime
) -> list[Outcome]:
    """Write `operations` into a ledger whose key the server keeps, a device row (Any) that the transaction has locked,
    and take them in; one outcome each, in order."""
    seq, prev = device.acknowledged + 1, device.head_hash
    lines: list[bytes] = []
    anchor = {"anchor": pen.mint.mint(now, pen.company.doubt(now) is not None)}
    entries: list[tuple[str, str, str | None, int | None, dict[str, Any]]] = [  # Any: JSON
        (str(uuid7()), ANCHOR, None, None, anchor)
    ]
    entries += [(op.id, op.kind, op.target, op.seen, op.data) for op in operations]
    for identity, kind, target, seen, data in entries:
        line = _line(device.id, seq, prev, identity, kind, target, seen, data, now)
        lines.append(line)
        seq, prev = seq + 1, hash_of(line)
    key = pen.vault.open(device.sealed_key)
    sent = Reading(now, time.monotonic() * 1000, RUN)
    request = Request(device.id, None, device.acknowledged + 1, lines, sign(key, lines[-1]), sent)
    return take_in(connection, author, request, pen.mint, pen.company, now, pen.clock()).outcomes


def office_device(connection: Connection, pen: OfficePen, person_id: str, now: datetime) -> str:
    """The id of the person's office ledger, made where there is none yet. Raises LookupError as `write` does."""
    return str(_office_device(connection, pen.vault, person_id, now).id)


def _line(
    device_id: str,
    seq: int,
    prev: str,
    identity: str,
    kind: str,
    target: str | None,
    seen: int | None,
    data: dict[str, Any],  # Any: JSON
    now: datetime,
) -> bytes:
    at = {"wall": now.isoformat(timespec="milliseconds"), "mono": time.monotonic() * 1000, "run": RUN}
    value: dict[str, Any] = {"v": 1, "id": identity, "device": device_id, "seq": seq, "prev": prev, "at": at}
    value["kind"] = kind
    if target is not None:
        value["target"] = target
    if seen is not None:
        value["seen"] = seen
    value["data"] = data
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def _office_device(connection: Connection, vault: KeyVault, person_id: str, now: datetime) -> Any:
    """The person's office ledger, a device row (Any); made when they first write."""
    found = connection.execute(OFFICE_DEVICE, {"person": person_id}).first()
    if found is not None:
        return found
    # Whoever writes for them first at the same moment makes it; the others then find it.
    person = select(Person.name).where(Person.id == person_id).with_for_update(key_share=True)
    name = connection.execute(person).scalar_one_or_none()
    if name is None:
        raise LookupError(f"no person {person_id}")
    found = connection.execute(OFFICE_DEVICE, {"person": person_id}).first()
    if found is not None:
        return found
    jwk, sealed = vault.new_key()
    connection.execute(
        insert(Device).values(
            id=str(uuid7()),
            person_id=person_id,
            kind="office",
            name=name,
            public_key=jwk,
            sealed_key=sealed,
            created_at=now,
        )
    )
    return connection.execute(OFFICE_DEVICE, {"person": person_id}).one()
