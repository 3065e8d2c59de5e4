"""Revoking a device: a phone that was lost says nothing more in its person's name."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from server.documents.operation import Held
from server.models import REVIEWER_ROLES, Device, SessionToken
from server.security_log import tell_once_committed
from server.sync.ledgers.kinds import REVOKES
from server.sync.ledgers.line import Line
from server.sync.ledgers.outcome import Outcome
from server.sync.operations.apply_document import Applied, Author, validated
from server.sync.operations.shapes import DeviceRevoke

__all__ = ["REVOKES", "revoke"]


def revoke(connection: Connection, line: Line, author: Author, now: datetime) -> Applied:
    """device.revoke, with the device as target: its sessions end, and what it still brings is held.

    Raises Held: not_permitted, unknown_target.
    """
    validated(DeviceRevoke(), line)
    if author.role not in REVIEWER_ROLES:
        raise Held("not_permitted")
    found = connection.execute(
        select(Device.revoked_at, Device.kind).where(Device.id == line.target).with_for_update()
    ).first()
    if found is None or found.kind != "phone":
        raise Held("unknown_target")
    if found.revoked_at is None:
        connection.execute(update(Device).where(Device.id == line.target).values(revoked_at=now))
        connection.execute(delete(SessionToken).where(SessionToken.device_id == line.target))
        tell_once_committed(connection, "device_revoked", device=line.target, by=author.person_id)
    detail = {"already": True} if found.revoked_at is not None else {}
    return Applied(Outcome(line.id, line.seq, "applied", False, None, None, detail), {}, [])
