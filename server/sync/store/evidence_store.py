"""What evidence is compared with: earlier positions of a person, and earlier signatures with the same strokes.

What was found is kept beside the line that was judged by it, as is everything that is looked up (finding.py).
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from server.documents.operation import Operation
from server.evidence.arrival import ENOUGH, fix_instant
from server.evidence.arrival import Sighting as Seen
from server.models import Sighting, SignatureStrokes
from server.sync.store.locks import lock_sightings, lock_strokes

Inputs = dict[str, Any]  # JSON

# What a position is compared by; the rest of it stays in its line.
COMPARED: Final = ("latitude", "longitude", "accuracy_m", "altitude_m", "speed_mps", "fixed_at")
# Two more than are compared: a fix that is offered again counts once.
LATEST: Final = ENOUGH + 2
# Made once: to put a statement together costs more than to run it.
_SEEN: Final = select(Sighting.id, Sighting.device_id, Sighting.fixed_at, Sighting.position).where(
    Sighting.person_id == bindparam("person")
)
LATEST_SEEN: Final = _SEEN.order_by(Sighting.id.desc()).limit(LATEST)
SAME_DIGITS: Final = (
    _SEEN.where(Sighting.latitude == bindparam("latitude"), Sighting.longitude == bindparam("longitude"))
    .order_by(Sighting.id.desc())
    .limit(LATEST)
)
FIRST_DRAWN: Final = (
    select(SignatureStrokes.operation_id, SignatureStrokes.document_id, SignatureStrokes.signed_at)
    .where(SignatureStrokes.digest == bindparam("strokes"))
    .order_by(SignatureStrokes.id)
    .limit(1)
)


def earlier(connection: Connection, person_id: str, device_id: str, latitude: float, longitude: float) -> list[Inputs]:
    """The person's latest positions, oldest first, before them the latest with the same digits; nobody notes another
    until the transaction ends."""
    lock_sightings(connection, person_id)
    latest = connection.execute(LATEST_SEEN, {"person": person_id}).all()
    place = {"latitude": latitude, "longitude": longitude}
    alike = connection.execute(SAME_DIGITS, {"person": person_id} | place).all()
    rows = {row.id: row for row in (*latest, *alike)}
    return [_seen(rows[key], device_id).as_json() for key in sorted(rows)]


def _seen(row: Any, device_id: str) -> Seen:  # Any: a row of sighting
    return Seen(json.loads(row.position), row.fixed_at, row.device_id == device_id)


def first_drawn(connection: Connection, digest: str) -> datetime | None:
    """When the first signature with these strokes was drawn; nobody notes another until the transaction ends."""
    lock_strokes(connection, digest)
    row = connection.execute(FIRST_DRAWN, {"strokes": digest}).first()
    return None if row is None else row.signed_at


def drawn_before(connection: Connection, operation_id: str) -> str | None:
    """The document of the first signature with the strokes of this one; None where this is the first, or too few
    strokes say nothing. For those only who may see every one."""
    own = select(SignatureStrokes.digest).where(SignatureStrokes.operation_id == operation_id)
    digest = connection.execute(own).scalar_one_or_none()
    if digest is None:
        return None
    first = connection.execute(FIRST_DRAWN, {"strokes": digest}).one()
    return None if first.operation_id == operation_id else first.document_id


def keep(connection: Connection, kind: str, operation: Operation) -> None:
    """Let later evidence be compared with this operation on a document of this type, where it is a presence or a
    signature."""
    match operation.kind:
        case "arrival.record" | "departure.record" if operation.data["position"] is not None:
            _keep_sighting(connection, operation, operation.data["position"])
        case "signature.record" if operation.inputs["signature"]["digest"] is not None:
            connection.execute(
                insert(SignatureStrokes).values(
                    operation_id=operation.id,
                    digest=operation.inputs["signature"]["digest"],
                    document_type=kind,
                    document_id=operation.target,
                    signed_at=operation.bounds.best,
                )
            )


def _keep_sighting(connection: Connection, operation: Operation, position: dict[str, Any]) -> None:  # Any: JSON
    lock_sightings(connection, operation.actor.id)
    compared = {name: position[name] for name in COMPARED}
    connection.execute(
        insert(Sighting).values(
            operation_id=operation.id,
            person_id=operation.actor.id,
            device_id=operation.actor.device,
            fixed_at=_storable(fix_instant(position, operation.bounds, operation.wall)),
            latitude=position["latitude"],
            longitude=position["longitude"],
            position=json.dumps(compared, separators=(",", ":")),
        )
    )


def _storable(moment: datetime | None) -> datetime | None:
    """No fix is older than satellites; a database's calendar may end before Python's does."""
    return moment if moment is not None and moment.astimezone(UTC).year >= 1980 else None
