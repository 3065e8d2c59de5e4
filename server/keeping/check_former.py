"""Whether former ids mean whom administrators have said, and nobody else."""

from __future__ import annotations

import json
from collections.abc import Iterator

from sqlalchemy import Connection, select

from server.keeping.finding import Finding
from server.models import FormerPerson, JournalLine
from server.sync.ledgers.kinds import ADOPTS
from server.sync.operations.held import took_effect


def check_former(connection: Connection) -> Iterator[Finding]:
    """Each former id stands in a line that took effect (person.adopt), with the person who was its target, and each
    such line's id is kept: the replay of orders goes by what is kept."""
    said = _said(connection)
    kept = {
        row.former: row.person_id for row in connection.execute(select(FormerPerson.former, FormerPerson.person_id))
    }
    for former in sorted(said.keys() | kept.keys()):
        if said.get(former) != kept.get(former):
            yield Finding("former-differs", {"former": former})


def _said(connection: Connection) -> dict[str, str]:
    """Whose each former id was, as the journal has it. There are as many as people lost by restores: few."""
    lines = select(JournalLine.bytes).where(JournalLine.kind == ADOPTS, took_effect(), JournalLine.repeated.is_(False))
    found = (json.loads(raw) for raw in connection.execute(lines.order_by(JournalLine.position)).scalars())
    return {line["data"]["former"]: line["target"] for line in found}
