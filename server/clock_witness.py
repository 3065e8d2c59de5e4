"""What the database knows of the time: the newest that was believed, kept for the next start and for other servers."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Final

from sqlalchemy import Connection, func, select

from server.database import reading
from server.models import Batch, ServerFact
from server.steady_clock import ALLOWED, Known, Reading, vouches
from server.sync.store.facts_store import fact, remember

WITNESS: Final = "clock"


def load(wall: datetime) -> Known | None:
    """The witness; None for a database that has none and whose newest lines are not later than the wall clock."""
    with reading() as connection:
        text = fact(connection, WITNESS)
        newest = connection.scalar(select(func.max(Batch.received_at))) if text is None else None
    if text is not None:
        return _from_json(text)
    if newest is None or newest <= wall + ALLOWED:
        return None
    return Known(newest, Reading(newest, 0.0, ""))


def keep(connection: Connection, known: Known) -> None:
    """Make this the witness; a doubt does not take the place of one that believes what the wall clock says, since an
    administrator may have said so a moment ago."""
    if known.in_doubt:
        row = select(ServerFact.value).where(ServerFact.name == WITNESS).with_for_update()
        stored = connection.execute(row).scalar_one_or_none()
        if stored is not None and vouches(_from_json(stored), known.at):
            return
    value = {
        "steady": known.steady.isoformat(),
        "wall": known.at.wall.isoformat(),
        "running_s": known.at.running_s,
        "boot": known.at.boot,
        "held_s": known.held_s,
    }
    remember(connection, WITNESS, json.dumps(value))


def _from_json(text: str) -> Known:
    value = json.loads(text)
    at = Reading(datetime.fromisoformat(value["wall"]), value["running_s"], value["boot"])
    return Known(datetime.fromisoformat(value["steady"]), at, value["held_s"])
