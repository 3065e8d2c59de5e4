"""The server's own ledger: what follows from something else, or from time, is an operation too, written as a line,
chained, signed and taken in by the same function as a phone's. Its author is `SYSTEM`, which is no person.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite
from uuid_utils import uuid7

from server.models import PRODUCT, SYSTEM, Device
from server.sync.apply import Author
from server.sync.exchange.office_ledger import NewOperation, OfficePen, write_into
from server.sync.ledgers.office_keys import KeyVault
from server.sync.ledgers.outcome import Outcome

KIND: Final = "system"
# Made once: to put a statement together costs more than to run it.
OWN: Final = select(Device.__table__).where(Device.kind == KIND, Device.revoked_at.is_(None)).with_for_update()


def write(connection: Connection, pen: OfficePen, operations: list[NewOperation], now: datetime) -> list[Outcome]:
    """Write `operations` into the server's ledger and take them in; one outcome each, in order.

    Inside the caller's write transaction, as the first that it does: it locks the ledger before documents, as every
    exchange does. Others who write here wait for it: keep it short.
    """
    device = own_ledger(connection, pen.vault, now)
    return write_into(connection, pen, device, Author(SYSTEM, SYSTEM, device.id), operations, now)


def own_ledger(connection: Connection, vault: KeyVault, now: datetime) -> Any:
    """The server's ledger, a device row (Any), locked; made when it first writes. Of two that make it at the same
    moment one does."""
    found = connection.execute(OWN).first()
    if found is not None:
        return found
    jwk, sealed = vault.new_key()
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    made = insert(Device).values(
        id=str(uuid7()), person_id=SYSTEM, kind=KIND, name=PRODUCT, public_key=jwk, sealed_key=sealed,
        created_at=now,
    )  # fmt: skip
    connection.execute(made.on_conflict_do_nothing())
    return connection.execute(OWN).one()
