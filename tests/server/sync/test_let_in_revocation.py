"""That a phone is revoked is told with by whom and why, also where a supervisor has let that in."""

from __future__ import annotations

from server.database import reading
from server.office.queries.people_queries import revocations
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone


def test_the_office_sees_why_a_phone_was_revoked_that_a_supervisor_let_in(
    zhang: Phone, li: Phone, office: Office
) -> None:
    line = li.write("device.revoke", zhang.id, {"reason": "lost"})
    li.sync()
    office.write("held.decide", zhang.id, {"operation": line, "decision": "apply"})
    with reading() as connection:
        told = revocations(connection)
    assert told[zhang.id].reason == "lost"
