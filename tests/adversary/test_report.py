"""A report that does not say what the customer read and signed."""

from __future__ import annotations

import json

import pytest

from tests.adversary.conftest import Opens
from tests.adversary.day import Supervisor, Technician, packed
from tests.adversary.results import result
from tests.reference_client import Json, Refused, uuid7
from tests.server.office.scene import Scene


@pytest.fixture
def order(opens: Opens) -> str:
    """An order that the customer pays in full where they caused the fault."""
    return opens(contract="standard")


@pytest.fixture
def part(zhang: Technician, order: str) -> str:
    """A part for 185.00 that the customer has to pay, as the server has it; the line's id."""
    zhang.write("order.edit", order, {"changes": {"cause": {"was": "unknown", "now": "customer"}}}, 1)
    line = zhang.add_material(order)
    zhang.sync()
    return line


@pytest.fixture
def signed(zhang: Technician, supervisor: Supervisor, order: str, part: str) -> Json:
    """The customer has read and signed a report with the part for 185.00; the signature as the office has it."""
    zhang.sign(order)
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["state"], signature["report"]["charge"]["total"]) == ("intact", 18500)
    supervisor.sees_nothing_odd(order)
    return signature


@result("proven false")
def test_the_order_is_changed_after_it_was_signed(
    zhang: Technician, supervisor: Supervisor, order: str, part: str, signed: Json
) -> None:
    change = {"line": part, "changes": {"unit_price": {"was": 18500, "now": 28500}}}
    zhang.write("material.change", order, change, 3)
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["state"], signature["differs"]) == ("superseded", ["materials", "charge"])
    assert signature["report"] == signed["report"], "what was signed stays"
    assert supervisor.remarks(order) == ["Since the signature these have changed:"]
    supervisor.reads(order, "签后有改动", "Changed since signing")


@result("proven false")
def test_a_part_is_added_after_it_was_signed(
    zhang: Technician, supervisor: Supervisor, order: str, signed: Json
) -> None:
    zhang.add_material(order, 9900)
    zhang.sync()
    assert supervisor.signature(order)["differs"] == ["materials", "charge"]


@result("not detectable")
def test_it_is_changed_after_it_was_signed_and_changed_back(
    zhang: Technician, supervisor: Supervisor, order: str, part: str, signed: Json
) -> None:
    for was, now in ((18500, 28500), (28500, 18500)):
        zhang.write("material.change", order, {"line": part, "changes": {"unit_price": {"was": was, "now": now}}}, 3)
    zhang.sync()
    assert supervisor.signature(order)["state"] == "intact"
    supervisor.sees_nothing_odd(order)
    assert supervisor.history(order)[-3:] == ["signature.record", "material.change", "material.change"]


@result("proven false")
def test_the_signed_text_is_altered_in_the_line(
    zhang: Technician, supervisor: Supervisor, order: str, part: str
) -> None:
    data = zhang.signature(zhang.report(order))
    operation = zhang.write("signature.record", order, data | {"report": data["report"].replace("18500", "28500")})
    zhang.sync()
    assert zhang.outcome(operation) == ("held", "invalid_data")
    assert supervisor.order(order)["signatures"] == []
    assert supervisor.held() == [("invalid_data", ["digest_differs"])]
    supervisor.reads(order, "摘要与所签的维修服务单不符", "The digest is not that of the signed report.")


@result("proven false")
def test_another_text_than_the_orders_gets_a_digest_of_its_own(
    zhang: Technician, supervisor: Supervisor, order: str, part: str
) -> None:
    cheaper = zhang.report(order)
    cheaper["charge"] |= {"materials": 8500, "total": 8500}
    cheaper["materials"][0] |= {"unit_price": 8500, "amount": 8500}
    zhang.write("signature.record", order, zhang.signature(cheaper))
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["state"], signature["differs"]) == ("superseded", ["materials", "charge"])


@result("proven false")
@pytest.mark.parametrize("charge", ["全免", None, [], {"why": "free_warranty"}], ids=str)
def test_the_customer_signs_a_charge_in_words_that_nobody_can_compare(
    zhang: Technician, supervisor: Supervisor, order: str, part: str, charge: object
) -> None:
    zhang.write("signature.record", order, zhang.signature(zhang.report(order) | {"charge": charge}))
    zhang.sync()
    signature = supervisor.signature(order)
    assert (signature["state"], signature["differs"]) == ("superseded", ["charge"])


@result("not detectable")
def test_the_screen_shows_the_customer_another_text_than_the_one_that_is_recorded(
    zhang: Technician, supervisor: Supervisor, order: str, part: str
) -> None:
    shown = zhang.report(order) | {"materials": [], "charge": {"total": 0}}
    recorded = zhang.report(order)
    assert shown != recorded
    zhang.write("signature.record", order, zhang.signature(recorded))
    zhang.sync()
    assert supervisor.signature(order)["state"] == "intact"
    assert supervisor.signature(order)["report"] == recorded
    supervisor.sees_nothing_odd(order)


@result("not detectable")
def test_the_signed_text_tells_another_time_of_arrival(
    zhang: Technician, supervisor: Supervisor, opens: Opens, scene: Scene
) -> None:
    order = opens()
    scene.at("10:50")
    zhang.sync()
    zhang.arrive(order, zhang.fix())
    zhang.sync()
    earlier = zhang.report(order) | {"arrived_at": "2026-11-24T01:14:00.000Z"}
    zhang.write("signature.record", order, zhang.signature(earlier))
    zhang.sync()
    assert supervisor.signature(order)["state"] == "intact"
    assert supervisor.arrival(order)["punctual"] == "late"
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_the_delivered_line_is_replaced_by_one_with_another_report(
    zhang: Technician, supervisor: Supervisor, order: str, signed: Json
) -> None:
    line = json.loads(zhang.ledger.lines[-1])
    line["data"] |= zhang.signature(zhang.report(order) | {"work_done": "另一种说法"})
    zhang.ledger.lines[-1] = packed(line)
    with pytest.raises(Refused) as refused:
        zhang.call("POST", "/api/v1/sync", **zhang.packed(zhang.batch(first=line["seq"])))
    assert (refused.value.status, refused.value.code) == (409, "ledger_fork")
    assert supervisor.signature(order) == signed
    supervisor.sees_nothing_odd(order)


@result("proven false")
def test_a_second_signature_is_sent_under_the_id_of_the_first(
    zhang: Technician, supervisor: Supervisor, order: str, signed: Json
) -> None:
    other = zhang.signature(zhang.report(order) | {"work_done": "另一种说法"}, signature=signed["id"])
    zhang.write("signature.record", order, other)
    zhang.sync()
    assert supervisor.order(order)["signatures"] == [signed]
    assert supervisor.history(order).count("signature.record") == 2


@result("proven false")
def test_the_operation_of_the_first_signature_is_sent_again_from_a_new_device(
    zhang: Technician, supervisor: Supervisor, order: str, signed: Json
) -> None:
    other = zhang.signature(zhang.report(order) | {"work_done": "另一种说法"})
    zhang.move_to(zhang.new_ledger())
    zhang.ledger.write("signature.record", order, other, identity=signed["operation"])
    zhang.sync()
    assert zhang.outcome(signed["operation"]) == ("held", "invalid_data")
    assert supervisor.held() == [("invalid_data", "id_taken")]
    assert supervisor.order(order)["signatures"] == [signed]


@result("proven false")
def test_the_paper_is_altered(zhang: Technician, supervisor: Supervisor, order: str, signed: Json) -> None:
    genuine = supervisor.browser().get(f"/check/{order}/{signed['sha256']}")
    assert genuine.status_code == 200
    altered = signed["sha256"][:-1] + ("0" if signed["sha256"][-1] != "0" else "1")
    assert supervisor.browser().get(f"/check/{order}/{altered}").status_code == 404


@result("proven false")
def test_a_genuine_signature_is_put_under_another_order(
    zhang: Technician, supervisor: Supervisor, order: str, opens: Opens, signed: Json
) -> None:
    other = opens()
    zhang.sync()
    zhang.add_material(other)
    zhang.sync()
    data = json.loads(_signed_line(zhang))["data"]
    zhang.write("signature.record", other, data | {"signature": uuid7()})
    zhang.sync()
    signature = supervisor.signature(other)
    assert signature["state"] == "superseded"
    assert {"number", "customer", "site"} <= set(signature["differs"])
    assert [hint["code"] for hint in signature["hints"]] == ["same_strokes"]


def _signed_line(technician: Technician) -> str:
    return next(line for line in technician.ledger.lines if '"kind":"signature.record"' in line)
