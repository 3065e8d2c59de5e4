"""What was closed 30 days ago leaves the phones, and only the phones."""

from __future__ import annotations

from datetime import timedelta

from server.database import writing
from server.housekeeping import keep_house
from server.services import utc_now
from server.sync.store.archiving import archive
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone, new_id

LATER = timedelta(days=31)


def archive_in(days: timedelta) -> int:
    """How many documents the daily work takes off the phones, so much later."""
    with writing() as connection:
        return archive(connection, utc_now() + days)


def test_a_closed_order_leaves_after_30_days_and_comes_back_when_it_changes(zhang: Phone, office: Office) -> None:
    closed, open_one = office.open(zhang.person_id), office.open(zhang.person_id)
    zhang.write("order.stage", closed, {"to": "finished"})
    zhang.sync()
    assert archive_in(timedelta(days=29)) == 0
    assert archive_in(LATER) == 1
    zhang.sync()
    assert zhang.gone == {closed: "archived"}
    assert ("work_order", open_one) in zhang.documents
    office.write("order.review", closed, {"verdict": "returned", "comment": "the seal drips"})
    zhang.sync()
    assert zhang.order(closed)["review"]["state"] == "returned"
    assert findings() == []


def test_what_became_of_a_held_line_is_told_for_30_days(zhang: Phone, office: Office) -> None:
    operation = zhang.write("note.add", new_id(), {"note": new_id(), "text": "x"})
    zhang.sync()
    assert archive_in(LATER) == 0
    office.write("held.decide", new_id(), {"operation": operation, "decision": "dismiss"})
    assert archive_in(LATER) == 1
    zhang.sync()
    assert zhang.gone == {operation: "archived"}


def test_what_waits_is_told_however_long_ago_another_with_its_id_was_decided(
    zhang: Phone, li: Phone, office: Office
) -> None:
    operation = zhang.write("note.add", new_id(), {"note": new_id(), "text": "x"})
    zhang.sync()
    for phone in (zhang, li):
        phone.write("note.add", new_id(), {"note": new_id(), "text": "y"}, id=operation)
        phone.sync()
        named = {"line": {"device": phone.id, "seq": len(phone.lines)}}
        assert office.write("held.decide", new_id(), named | {"decision": "dismiss"}).detail == {}
    assert archive_in(LATER) == 0
    office.write("held.decide", new_id(), {"operation": operation, "decision": "dismiss"})
    assert (archive_in(LATER), archive_in(LATER)) == (1, 0)


def test_the_daily_work_is_done_once_a_day(zhang: Phone, office: Office) -> None:
    zhang.write("order.stage", office.open(zhang.person_id), {"to": "finished"})
    zhang.sync()
    now = utc_now() + LATER
    assert [keep_house(now), keep_house(now + timedelta(seconds=1))] == [1, 0]
