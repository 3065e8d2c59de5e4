"""Hints about arrivals and signatures: what they compare with, and that the journal makes them again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, func, select, text

from server.database import reading, writing
from server.evidence.signing import strokes_digest
from server.models import JournalLine, Sighting, SignatureStrokes
from server.sync.exchange.replay import differing, replayed, stored
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_facts import signed, site

DRAWN: list[list[list[float]]] = [
    [[40.0 + 6 * step, 90.0 + 30 * ((step % 5) - 2), step * 100.0, 0.5] for step in range(24)]
]


def position(phone: Phone, **changes: Any) -> dict[str, Any]:  # Any: JSON
    """A fix of this moment."""
    return {
        "latitude": 25.28, "longitude": 110.29, "accuracy_m": 8.5, "altitude_m": 150.0,
        "fixed_at": phone.now.isoformat(), "age_s": 0.0, **changes,
    }  # fmt: skip


def arrives(phone: Phone, order: str, minutes: float = 30, **changes: Any) -> list[str]:
    """The phone records an arrival so many minutes later and delivers it; the codes of its hints."""
    phone.now += timedelta(minutes=minutes)
    phone.write("arrival.record", order, {"arrival": new_id(), "position": position(phone, **changes)})
    phone.sync()
    return [hint["code"] for hint in phone.order(order)["arrivals"][-1]["hints"]]


def signs(phone: Phone, order: str, **changes: Any) -> list[dict[str, Any]]:  # Any: JSON
    """A customer signs; the hints."""
    phone.write("signature.record", order, signed(phone.order(order)) | {"strokes": DRAWN} | changes)
    phone.sync()
    found: list[dict[str, Any]] = phone.order(order)["signatures"][-1]["hints"]
    return found


def moved(dx: float = 0, dy: float = 0, later_ms: float = 0) -> list[list[list[float]]]:
    """The strokes elsewhere on the pad, or drawn later."""
    return [[[x + dx, y + dy, t + later_ms, pressure] for x, y, t, pressure in stroke] for stroke in DRAWN]


def test_a_position_that_was_offered_before_is_told_however_long_ago(zhang: Phone, office: Office) -> None:
    first, second = office.open(zhang.person_id), office.open(zhang.person_id)
    zhang.sync()
    assert arrives(zhang, first, longitude=110.29123456) == []
    for step in range(9):
        assert arrives(zhang, second, longitude=110.2912 + step / 1e5, accuracy_m=5.0 + step) == []
    assert arrives(zhang, second, longitude=110.29123456) == ["same_digits"]
    hint = zhang.order(second)["arrivals"][-1]["hints"][0]
    assert (
        hint["fixed_at"] == zhang.order(first)["arrivals"][0]["position"]["fixed_at"].replace("+00:00", "Z")[:23] + "Z"
    )


def test_what_never_varies_and_what_no_vehicle_reaches_is_told(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    same = {"accuracy_m": 10.0, "altitude_m": None}
    found = [arrives(zhang, order, latitude=25.28 + step / 1e4, **same) for step in range(5)]
    assert found == [[]] * 4 + [["constant_accuracy", "never_altitude"]]
    assert arrives(zhang, order, minutes=5, latitude=25.7) == ["too_fast"]


def test_somebody_elses_positions_say_nothing(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, li.person_id)
    zhang.sync(), li.sync()
    assert arrives(zhang, order) == []
    assert arrives(li, order, minutes=1) == []


def test_a_new_device_does_not_hide_where_its_person_was(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    arrives(zhang, order)
    other = Phone(zhang.person_id, now=zhang.now).register()
    other.sync()
    assert arrives(other, order, minutes=1, latitude=25.7) == ["too_fast"]


def test_strokes_drawn_before_are_told_wherever_and_whenever(zhang: Phone, office: Office) -> None:
    first, second = office.open(zhang.person_id), office.open(zhang.person_id)
    zhang.sync()
    assert signs(zhang, first) == []
    at = zhang.order(first)["signatures"][0]["time"]["best"]
    # Which order that was stands in no document: who sees this one may not see that one.
    for copied in (DRAWN, moved(dx=37.3, dy=-12.9), moved(later_ms=86_400_000)):
        assert signs(zhang, second, strokes=copied) == [{"code": "same_strokes", "signed_at": at}]
    assert signs(zhang, second, strokes=[[[x * 1.01, *rest] for x, *rest in DRAWN[0]]]) == []


def test_two_dots_are_no_copy() -> None:
    assert strokes_digest([[[1, 1, 0, 0.5]], [[5, 5, 900, 0.5]]]) is None


def test_a_quick_scratch_is_told_and_what_cannot_be_known_is_said(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    scratch = [[[10, 10, 0, 0.5], [30, 20, 1900, 0.7]]]
    assert signs(zhang, order, strokes=scratch) == [
        {"code": "signed_quickly", "seconds": 1.9}, {"code": "short_strokes", "most_mm": 5.9}
    ]  # fmt: skip
    assert signs(zhang, order, strokes=[[[10, 10, 0, 0.5], [60, 10, 2000, 0.7]]]) == [
        {"code": "stroke_length_unclear", "least_mm": 7.8, "most_mm": 13.2}
    ]
    timeless = [[[0.1, 0.1, 0, 1], [0.9, 0.9, 0, 1]]]
    assert signs(zhang, order, strokes=timeless, box={"width": 1, "height": 1}) == [
        {"code": "signing_time_unknown"}, {"code": "stroke_length_unknown"}
    ]  # fmt: skip


def test_the_journal_makes_every_hint_again(zhang: Phone, office: Office) -> None:
    first, second = office.open(zhang.person_id), office.open(zhang.person_id)
    zhang.sync()
    arrives(zhang, first), signs(zhang, first)
    arrives(zhang, second, minutes=1, latitude=25.7), signs(zhang, second)
    with writing() as connection:  # whatever they are compared with later
        connection.execute(delete(Sighting))
        connection.execute(delete(SignatureStrokes))
    with reading() as connection:
        for order in (first, second):
            assert differing(replayed(connection, order), stored(connection, order)) == []
    assert zhang.order(second)["arrivals"][0]["hints"] and zhang.order(second)["signatures"][0]["hints"]


def test_a_document_of_before_hints_still_follows_from_the_journal(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    arrives(zhang, order), signs(zhang, order, strokes=[[[10, 10, 0, 0.5], [11, 10, 1, 0.7]]])
    with writing() as connection:
        for row in connection.execute(select(JournalLine.position, JournalLine.inputs)).all():
            inputs = {
                name: kept for name, kept in json.loads(row.inputs).items() if name not in ("sightings", "signature")
            }
            connection.execute(
                text("UPDATE journal_line SET inputs = :inputs WHERE position = :position"),
                {"inputs": json.dumps(inputs), "position": row.position},
            )
        body = json.loads(connection.execute(text("SELECT body FROM document WHERE type = 'work_order'")).scalar_one())
        del body["arrivals"][0]["hints"], body["signatures"][0]["place"]
        body["signatures"][0]["hints"] = []
        connection.execute(
            text("UPDATE document SET body = :body WHERE type = 'work_order'"), {"body": json.dumps(body)}
        )
    with reading() as connection:
        assert differing(replayed(connection, order), stored(connection, order)) == []


def test_a_site_that_was_corrected_in_the_field_is_told_until_the_office_confirms_it(
    zhang: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.sync()
    assert arrives(zhang, order) == []
    was = zhang.order(order)["site"]["position"]
    moved_north = {"latitude": was["latitude"] + 0.01, "longitude": was["longitude"], "datum": "WGS-84"}
    assert edits_site(zhang, order, was, moved_north) == "applied"
    assert arrives(zhang, order, accuracy_m=9, longitude=110.2901) == ["site_corrected"]
    (told,) = zhang.order(order)["arrivals"][-1]["hints"]
    assert 1100 < told["distance_m"] < 1115 and told["at"].endswith("Z")
    office.write("order.edit", order, {"changes": {"site.position": {"was": moved_north, "now": moved_north}}})
    assert arrives(zhang, order, accuracy_m=8, longitude=110.2902) == []
    with reading() as connection:
        assert differing(replayed(connection, order), stored(connection, order)) == []


def edits_site(phone: Phone, order: str, was: Any, now: Any) -> str:  # Any: JSON
    """The technician corrects where the site is; what became of it."""
    phone.write("order.edit", order, {"changes": {"site.position": {"was": was, "now": now}}})
    return str(phone.sync()[-1]["status"])


def test_a_line_that_comes_twice_is_compared_with_once(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    arrives(zhang, order), signs(zhang, order)
    zhang.send(zhang.request(first=1))
    with reading() as connection:
        for table in (Sighting, SignatureStrokes):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 1


def test_a_line_that_was_judged_by_the_phones_clock_alone_is_judged_so_again(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, **site())
    zhang.now += timedelta(hours=3)
    zhang.sync()
    fresh = {"fixed_at": (zhang.now - timedelta(hours=3)).isoformat(), "latitude": 25.2736, "longitude": 110.29}
    arrives(zhang, order, minutes=0, **fresh)
    arrival = zhang.order(order)["arrivals"][0]
    assert arrival["place"]["answer"] == "inside"
    assert "phone_clock_off" in [reason["code"] for reason in arrival["reasons"]]
    with reading() as connection:
        assert differing(replayed(connection, order), stored(connection, order)) == []
    with writing() as connection:
        rows = connection.execute(select(JournalLine.position, JournalLine.inputs)).all()
        kept = {row.position: json.loads(row.inputs) for row in rows}
        assert [inputs.pop("fixes", None) for inputs in kept.values()].count("by_both_clocks") == 1
        for position, inputs in kept.items():
            connection.execute(
                text("UPDATE journal_line SET inputs = :inputs WHERE position = :position"),
                {"inputs": json.dumps(inputs), "position": position},
            )
    with reading() as connection:
        (before,) = replayed(connection, order)["arrivals"]
    assert before["place"]["answer"] == "unclear"
    assert {"old_fix", "inside"} & {reason["code"] for reason in before["reasons"]} == {"old_fix"}
    assert not {"phone_clock_off", "gps_by_phone_clock"} & {reason["code"] for reason in before["reasons"]}
