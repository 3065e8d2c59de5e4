"""Forged evidence that two devices hand in at the same moment: what comes later is told of what came first."""

from __future__ import annotations

from tests.databases import PATIENCE_S
from tests.races.gates import hand_in, not_yet_committed
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_facts import signed
from tests.server.sync.test_hints import DRAWN, position


def codes(phone: Phone, order: str, where: str) -> list[str]:
    """The hints on the latest of an order's facts."""
    phone.sync()
    return [hint["code"] for hint in phone.order(order)[where][-1]["hints"]]


def test_the_same_strokes_on_two_orders_at_once_are_told_to_the_later(
    zhang: Phone, li: Phone, office: Office, beside: Beside
) -> None:
    orders = {phone.id: office.open(phone.person_id) for phone in (zhang, li)}
    for phone in (zhang, li):
        phone.sync()
        order = orders[phone.id]
        phone.write("signature.record", order, signed(phone.order(order)) | {"strokes": DRAWN})
    with not_yet_committed(hand_in(zhang)):
        later = beside(li.sync)
    later.result(PATIENCE_S)
    assert codes(zhang, orders[zhang.id], "signatures") == []
    assert codes(li, orders[li.id], "signatures") == ["same_strokes"]


def test_the_same_digits_from_two_devices_of_one_person_at_once_are_told_to_the_later(
    zhang: Phone, office: Office, beside: Beside
) -> None:
    second = Phone(zhang.person_id).register()
    orders = {phone.id: office.open(zhang.person_id) for phone in (zhang, second)}
    for minutes, phone in enumerate((zhang, second)):
        phone.sync()
        place = position(phone, longitude=110.29123456, fixed_at=f"2026-11-24T09:0{minutes}:00+08:00")
        phone.write("arrival.record", orders[phone.id], {"arrival": new_id(), "position": place})
    with not_yet_committed(hand_in(zhang)):
        later = beside(second.sync)
    later.result(PATIENCE_S)
    assert "same_digits" not in codes(zhang, orders[zhang.id], "arrivals")
    assert "same_digits" in codes(second, orders[second.id], "arrivals")


def test_a_departure_with_the_digits_of_an_arrival_at_the_same_moment_is_seen_by_it(
    zhang: Phone, office: Office, beside: Beside
) -> None:
    second = Phone(zhang.person_id).register()
    orders = {phone.id: office.open(zhang.person_id) for phone in (zhang, second)}
    for hour, kind, name, phone in (
        (8, "departure.record", "departure", zhang),
        (9, "arrival.record", "arrival", second),
    ):
        phone.sync()
        place = position(phone, longitude=110.29123456, fixed_at=f"2026-11-24T0{hour}:00:00+08:00")
        phone.write(kind, orders[phone.id], {name: new_id(), "position": place})
    with not_yet_committed(hand_in(zhang)):
        later = beside(second.sync)
    later.result(PATIENCE_S)
    assert "same_digits" in codes(second, orders[second.id], "arrivals")
