"""A claim and a decision about one line at the same moment: one of them waits, and then sees what the other did."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from server.database import reading, write
from server.models import HeldLine
from server.sync.ledgers.line import hash_of
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import hand_in, not_yet_committed, written_by
from tests.server.conftest import Beside
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import parts_of
from tests.server.export_files.test_import import note
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone

pytestmark = pytest.mark.usefixtures("on_postgresql")


@pytest.mark.parametrize("first", ["claim", "decision"])
def test_a_line_is_let_in_once(
    people: People, office: Office, zhang: Phone, take_in: Import, beside: Beside, first: str
) -> None:
    order = office.open(people.zhang.id)
    lost = Phone(people.zhang.id)
    written = note(lost, order, "once")
    take_in(parts_of(lost))
    zhang.write("ledger.claim", lost.id, {"head": hash_of(lost.lines[-1])})
    claims = hand_in(zhang)
    decides = written_by(office.person_id, "held.decide", order, {"operation": written, "decision": "apply"})
    one, other = (claims, decides) if first == "claim" else (decides, claims)
    with not_yet_committed(one):
        waits = beside(lambda: write(other))
    waits.result(PATIENCE_S)
    zhang.sync()
    assert [entry["text"] for entry in zhang.order(order)["notes"]] == ["once"]
    with reading() as connection:
        assert connection.execute(select(HeldLine.state)).scalars().all() == ["applied"]
    assert findings() == []
