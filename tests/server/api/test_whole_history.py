"""What a history of a work order keeps telling, whatever was known when a line came in."""

from __future__ import annotations

from tests.conftest import People
from tests.reference_client import Client, uuid7


def test_a_history_tells_what_came_before_its_order_was_known(wang: Client, zhang: Client, people: People) -> None:
    order = uuid7()
    early = zhang.write("note.add", order, {"note": uuid7(), "text": "阀门已关"})
    zhang.sync()
    assert zhang.outcomes[early]["reason"] == "unknown_target"
    wang.write("order.open", order, {"kind": "repair", "fault": "漏水", "assignees": [people.zhang.id]})
    wang.sync()
    answer = wang.call("GET", f"/api/v1/work-orders/{order}").json()
    assert [each["text"] for each in answer["body"]["notes"]] == ["阀门已关"], "it was taken in"
    history = wang.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
    assert early in [entry["operation"] for entry in history]


def test_a_history_tells_who_dismissed_what_waited(wang: Client, zhang: Client, li: Client, people: People) -> None:
    order = uuid7()
    wang.write("order.open", order, {"kind": "repair", "fault": "漏水", "assignees": [people.zhang.id]})
    wang.sync()
    waits = li.write("note.add", order, {"note": uuid7(), "text": "x"})
    li.sync()
    dismissal = wang.write("held.decide", order, {"operation": waits, "decision": "dismiss", "comment": "twice"})
    wang.sync()
    history = wang.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
    assert dismissal in [entry["operation"] for entry in history]
