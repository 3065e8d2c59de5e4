"""What a person settles takes effect where the conflict was."""

from __future__ import annotations

import pytest

from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone


@pytest.mark.parametrize("item", ["badge", "2.1", "contact.phone"])
def test_two_answers_to_an_item_are_settled_whatever_its_id(zhang: Phone, li: Phone, office: Office, item: str) -> None:
    order = office.open(zhang.person_id, li.person_id)
    for phone, answer in ((zhang, "ok"), (li, "leaks")):
        phone.sync()
        phone.write("checklist.answer", order, {"item": item, "was": None, "now": answer})
    zhang.sync()
    assert [outcome["status"] for outcome in li.sync()] == ["conflict"]
    conflict = li.order(order)["conflicts"][0]
    assert (conflict["field"], conflict["kept"]["value"]) == (f"checklist.{item}", "ok")
    office.write("conflict.settle", order, {"conflict": conflict["id"], "value": "leaks"})
    zhang.sync()
    body = zhang.order(order)
    assert {name: answer["value"] for name, answer in body["checklist"]["answers"].items()} == {item: "leaks"}
    assert body["conflicts"][0]["settled"]["value"] == "leaks"


def test_who_may_not_settle_a_conflict_of_the_plan_waits_for_nothing(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    for now in ("low", "high"):
        office.write("order.plan", order, {"changes": {"priority": {"was": "normal", "now": now}}})
    zhang.sync()
    conflict = zhang.order(order)["conflicts"][0]
    zhang.write("conflict.settle", order, {"conflict": conflict["id"], "value": "high"})
    outcome = zhang.sync()[0]
    assert (outcome["status"], outcome["reason"], outcome["detail"]) == ("held", "not_permitted", {"field": "priority"})
    assert findings() == []
