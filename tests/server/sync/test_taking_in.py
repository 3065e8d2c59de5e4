"""Lines in: nothing is applied twice, nothing stops the line after it, nothing is dropped."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import InterfaceError, InternalError, OperationalError

from server.database import reading, writing
from server.documents.work_order.registry import REGISTRY, Kind
from server.evidence.time_bounds import Reading
from server.models import Device, HeldLine, JournalLine, WorkOrder
from server.problems import Problem
from server.rules.instants import instant_of
from server.services import services, utc_now
from server.sync.apply import Author
from server.sync.exchange.exchange import take_in
from server.sync.ledgers.line import hash_of
from tests.conftest import People
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id


def journal_of(phone: Phone) -> list[Any]:
    with reading() as connection:
        return list(
            connection.execute(
                select(JournalLine.__table__).where(JournalLine.device_id == phone.id).order_by(JournalLine.seq)
            )
        )


def note(text: str = "门禁找保安") -> dict[str, str]:
    return {"note": new_id(), "text": text}


def test_a_lost_answer_applies_nothing_twice(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    zhang.write("note.add", order, note())
    zhang.write("material.add", order, {
        "line": new_id(), "name": "机械密封", "unit": "套", "quantity": "1", "unit_price": 1, "source": "van",
    })  # fmt: skip
    zhang.hand_over(zhang.request())
    outcomes = zhang.sync()
    assert [o["repeated"] for o in outcomes] == [True, True]
    assert [o["status"] for o in outcomes] == ["applied", "applied"]
    assert len(zhang.order(order)["notes"]) == 1
    assert len(zhang.order(order)["materials"]) == 1


def test_a_batch_sent_ten_times_is_answered_with_its_first_outcomes(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    zhang.write("nonsense.do", order, {})
    request = zhang.request()
    first = zhang.hand_over(request)["outcomes"]
    for _ in range(9):
        again = zhang.hand_over(request)["outcomes"]
        assert again == [outcome | {"repeated": True} for outcome in first]
    assert len(journal_of(zhang)) == 2


def test_the_journal_keeps_every_line_byte_for_byte(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note("é\u0301 \u2028 \U0001f527 " + "长" * 1000))
    zhang.lines.append(b"{not json at all")
    zhang.lines.append('{"v":99,"text":"由未来写的"}'.encode())
    zhang.sync()
    assert [bytes(row.bytes) for row in journal_of(zhang)] == zhang.lines


def test_a_bad_line_does_not_stop_the_ones_after_it(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("nonsense.do", order, {})
    zhang.lines.append(b"\xff\xfe")
    zhang.write("order.stage", order, {"to": "nowhere"})
    zhang.write("order.stage", new_id(), {"to": "working"})
    zhang.write("order.stage", order, {"to": "working"})
    outcomes = zhang.sync()
    assert [(o["status"], o["reason"]) for o in outcomes] == [
        ("held", "unknown_kind"),
        ("held", "unreadable"),
        ("held", "invalid_data"),
        ("held", "unknown_target"),
        ("applied", None),
    ]
    assert [o["seq"] for o in outcomes] == [1, 2, 3, 4, 5]
    assert zhang.acknowledged == 5
    assert zhang.order(order)["stage"] == "working"


def test_a_gap_is_refused_and_says_where_to_go_on(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    for _ in range(3):
        zhang.write("note.add", order, note())
    with pytest.raises(Problem) as problem:
        zhang.hand_over(zhang.request(first=2))
    assert (problem.value.code, problem.value.figures) == ("ledger_gap", {"acknowledged": 0})
    assert journal_of(zhang) == []


def test_other_bytes_under_a_known_seq_are_a_fork(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    zhang.sync()
    zhang.lines[0] = zhang.lines[0].replace("保安".encode(), "物业".encode())
    with pytest.raises(Problem) as problem:
        zhang.hand_over(zhang.request(first=1))
    assert problem.value.code == "ledger_fork"


def test_an_operation_carried_over_to_a_new_ledger_is_answered_repeated(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    data = note()
    operation = zhang.write("note.add", order, data)
    zhang.sync()
    other = Phone(zhang.person_id).register()
    other.write("note.add", order, data, id=operation)
    (outcome,) = other.sync()
    assert (outcome["repeated"], outcome["status"], outcome["seq"]) == (True, "applied", 1)
    assert len(other.order(order)["notes"]) == 1


def test_a_broken_chain_holds_that_line_alone(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    zhang.write("note.add", order, note(), prev="f" * 64)
    zhang.write("note.add", order, note())
    assert [(o["status"], o["reason"]) for o in zhang.sync()] == [
        ("applied", None),
        ("held", "broken_chain"),
        ("applied", None),
    ]


def test_a_signature_of_another_key_holds_the_batch(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    request = zhang.request()
    li.lines = list(zhang.lines)
    forged = replace(request, signature=li.request(first=1).signature)
    assert zhang.hand_over(forged)["outcomes"][0]["reason"] == "bad_signature"
    assert hash_of(bytes(journal_of(zhang)[0].bytes)) == hash_of(zhang.lines[0])


def test_an_anchor_has_no_outcome_and_a_forged_one_is_held(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    zhang.write("note.add", order, note())
    assert len(zhang.lines) == 2
    assert [o["seq"] for o in zhang.sync()] == [2]
    zhang.anchor = None
    zhang.write("anchor", None, {"anchor": "gAAAAA-forged"})
    assert [o["reason"] for o in zhang.sync()] == ["bad_anchor"]


def test_nobody_changes_an_order_that_was_never_theirs(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    li.write("order.stage", order, {"to": "finished"})
    li.write("order.plan", order, {"changes": {"assignees": {"was": [], "now": [li.person_id]}}})
    li.write("order.review", order, {"verdict": "approved"})
    assert [o["reason"] for o in li.sync()] == ["not_permitted"] * 3
    assert ("work_order", order) not in li.documents
    zhang.sync()
    assert zhang.order(order)["stage"] == "new"


def test_nothing_is_taken_where_the_transaction_does_not_commit(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    here = services()
    author = Author(zhang.person_id, "technician", zhang.id)
    with pytest.raises(RuntimeError, match="power cut"), writing() as connection:
        taken = take_in(connection, author, zhang.request(), here.anchors, here.company, utc_now(), utc_now())
        assert taken.acknowledged == 1
        raise RuntimeError("power cut")
    assert journal_of(zhang) == []
    assert [o["repeated"] for o in zhang.sync()] == [False]


def test_an_error_of_ours_is_held_and_the_rest_goes_on(
    zhang: Phone, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(body: object, op: object) -> Any:
        raise ZeroDivisionError

    order = office.open(zhang.person_id)
    known = REGISTRY["note.add"]
    monkeypatch.setitem(REGISTRY, "note.add", Kind(known.shape, fails, known.who))
    operation = zhang.write("note.add", order, note())
    zhang.write("order.stage", order, {"to": "accepted"})
    outcomes = zhang.sync()
    assert [(o["status"], o["seq"]) for o in outcomes] == [("held", 1), ("applied", 2)]
    assert (outcomes[0]["id"], outcomes[0]["detail"]["problem"]) == (operation, "could_not_apply")


@pytest.mark.parametrize(
    "trouble",
    [MemoryError(), OSError(28, "no space left on device")]
    + [kind("statement", None, Exception()) for kind in (OperationalError, InterfaceError, InternalError)],
    ids=lambda trouble: type(trouble).__name__,
)
def test_trouble_of_the_machine_holds_nothing_and_the_batch_comes_again(
    zhang: Phone, office: Office, monkeypatch: pytest.MonkeyPatch, trouble: Exception
) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    known = REGISTRY["note.add"]

    def fails(body: object, op: object) -> Any:
        raise trouble

    with monkeypatch.context() as patched, pytest.raises(type(trouble)):
        patched.setitem(REGISTRY, "note.add", Kind(known.shape, fails, known.who))
        zhang.sync()
    assert [outcome["status"] for outcome in zhang.sync()] == ["applied"]


def test_a_line_over_the_limit_is_kept_and_held(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note("x" * 70_000))
    (outcome,) = zhang.sync()
    assert (outcome["reason"], outcome["detail"]) == ("unreadable", {"why": "line_too_long"})
    assert json.loads(journal_of(zhang)[0].bytes)["data"]["text"] == "x" * 70_000


def test_the_id_of_somebody_elses_operation_is_no_way_in(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id, li.person_id)
    operation = zhang.write("note.add", order, note())
    zhang.sync()
    li.write("note.add", order, note(), id=operation)
    (outcome,) = li.sync()
    assert (outcome["status"], outcome["detail"]) == ("held", {"field": "id", "problem": "id_taken"})


def test_an_id_under_which_somebody_says_something_else_is_held(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    operation = zhang.write("note.add", order, note("one"))
    zhang.write("note.add", order, note("two"), id=operation)
    first, second = zhang.sync()
    assert first["status"] == "applied"
    assert (second["status"], second["detail"]) == ("held", {"field": "id", "problem": "id_taken"})


def test_a_held_operation_is_not_taken_along_by_one_of_somebody_else(zhang: Phone, li: Phone, office: Office) -> None:
    operation = zhang.write("note.add", new_id(), note("Zhang's"))
    zhang.sync()
    li.write("note.add", office.open(li.person_id), note("Li's"), id=operation)
    (outcome,) = li.sync()
    assert (outcome["status"], outcome["detail"]) == ("held", {"field": "id", "problem": "id_taken"})
    with reading() as connection:
        states = connection.execute(select(HeldLine.state).order_by(HeldLine.position)).scalars().all()
    assert states == ["waiting", "waiting"]
    zhang.sync()
    assert zhang.documents[("held", operation)]["body"]["reason"] == "unknown_target"


def test_what_was_unreadable_and_dismissed_is_not_taken_for_what_can_be_read(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    operation = zhang.write("note.add", order, note(), seen=-1)
    zhang.sync()
    office.write("held.decide", order, {"operation": operation, "decision": "dismiss"})
    zhang.write("note.add", order, note(), id=operation)
    assert [(o["status"], o["repeated"]) for o in zhang.sync()] == [("held", False)]


def test_a_decision_that_is_carried_over_to_a_new_ledger_is_answered_repeated(
    zhang: Phone, office: Office, people: People
) -> None:
    order = office.open(people.li.id)
    operation = zhang.write("note.add", order, note())
    zhang.sync()
    old = Phone(people.wang.id, "supervisor").register()
    data = {"operation": operation, "decision": "apply"}
    decision = old.write("held.decide", None, data)
    (first,) = old.sync()
    new = Phone(people.wang.id, "supervisor").register()
    new.write("held.decide", None, data, id=decision)
    (again,) = new.sync()
    assert again == first | {"seq": again["seq"], "repeated": True}


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("note.add", {"note": new_id(), "text": "one"}, {"text": "two"}),
        ("arrival.record", {"arrival": new_id(), "why_none": "denied"}, {"why_none": "timeout"}),
        ("departure.record", {"departure": new_id(), "why_none": "denied"}, {"why_none": "timeout"}),
    ],
)
def test_a_fact_under_the_id_of_another_is_held_and_not_passed_over(
    zhang: Phone, office: Office, kind: str, one: dict[str, Any], other: dict[str, Any]
) -> None:
    order = office.open(zhang.person_id)
    zhang.write(kind, order, one)
    zhang.write(kind, order, one)
    zhang.write(kind, order, one | other)
    assert [(o["status"], o["reason"]) for o in zhang.sync()] == [
        ("applied", None), ("applied", None), ("held", "invalid_data"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "wrong", [{"mono": 1e308}, {"mono": -1e308}, {"wall": "9998-12-31T00:00:00Z"}, {"wall": "0002-01-02T00:00:00Z"}]
)
def test_clocks_that_no_calendar_follows_hold_nothing(zhang: Phone, office: Office, wrong: dict[str, Any]) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    token, zhang.anchor = zhang.anchor, None
    zhang.write("anchor", None, {"anchor": token, "received": zhang.at() | wrong})
    zhang.write("note.add", order, note())
    zhang.write("arrival.record", order, {"arrival": new_id(), "why_none": "denied"}, at=zhang.at() | wrong)
    zhang.write("note.add", order, note())
    sent = Reading(instant_of(wrong.get("wall", "2026-11-24T09:00:00Z")), wrong.get("mono", 1.0), zhang.run)
    outcomes = zhang.send(replace(zhang.request(), sent=sent))["outcomes"]
    assert [outcome["status"] for outcome in outcomes] == ["applied"] * 3


def test_what_was_only_held_is_applied_when_it_comes_in_again(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    data = note()
    operation = zhang.write("note.add", order, data)
    zhang.hand_over(replace(zhang.request(), signature=None))
    other = Phone(zhang.person_id).register()
    other.write("note.add", order, data, id=operation)
    (outcome,) = other.sync()
    assert (outcome["status"], outcome["repeated"]) == ("applied", False)
    assert [entry["text"] for entry in other.order(order)["notes"]] == [data["text"]]


def test_an_old_anchor_after_a_newer_one_proves_nothing_less(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    old = zhang.anchor
    zhang.sync()
    zhang.write("note.add", order, note())
    zhang.write("anchor", None, {"anchor": old})
    zhang.sync()
    zhang.anchor = None
    with reading() as connection:
        kept = json.loads(connection.execute(select(Device.readings).where(Device.id == zhang.id)).scalar_one())
    newest = json.loads(zhang.lines[0])["data"]["anchor"]
    assert kept["anchor"]["server_time"] == services().anchors.read(newest).isoformat()


def test_what_waited_for_its_turn_to_write_counts_as_changed_then(zhang: Phone, office: Office) -> None:
    """A program that asks what changed after a moment must not miss what was committed after it asked."""
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    here, arrived = services(), utc_now()
    turn = arrived + timedelta(seconds=20)
    with writing() as connection:
        take_in(
            connection, Author(zhang.person_id, "technician", zhang.id), zhang.request(), here.anchors,
            here.company, arrived, turn,
        )  # fmt: skip
    with reading() as connection:
        changed = connection.execute(select(WorkOrder.changed_at).where(WorkOrder.id == order)).scalar_one()
    assert changed == turn


@pytest.mark.parametrize(
    "extra",
    [
        {"more": 10**400},
        {"more": [{"n": -(10**309)}]},
        {"at": {"wall": "0001-01-01T00:00:00+14:00", "mono": 1.0, "run": "r"}},
        {"at": {"wall": "2026-11-24T09:00:00Z", "mono": 10**400, "run": "r"}},
    ],
    ids=["member", "deep", "wall", "mono"],
)
def test_a_line_that_not_every_reader_can_read_is_kept_unreadable(
    zhang: Phone, office: Office, extra: dict[str, Any]
) -> None:
    zhang.write("note.add", office.open(zhang.person_id), {"note": new_id(), "text": "t"}, **extra)
    assert [(outcome["status"], outcome["reason"]) for outcome in zhang.sync()] == [("held", "unreadable")]


def test_the_journal_keeps_of_every_line_what_came_of_it(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    zhang.write("note.add", order, note())  # after an anchor
    zhang.write("note.add", order, note(), prev="f" * 64)
    zhang.write("note.add", order, note(), seq=9)
    zhang.write("ledger.claim", new_id(), {"device": zhang.id})
    zhang.write("person.close", zhang.person_id, {})
    zhang.write("note.add", None, note())
    zhang.lines.append(b"{}")
    outcomes = zhang.sync()
    rows = journal_of(zhang)
    assert {bytes(row.bytes) for row in rows} == set(zhang.lines)
    assert [row.seq for row in rows] == list(range(1, 9))
    assert [row.hash for row in rows] == [hash_of(line) for line in zhang.lines]
    lines = [json.loads(line) for line in zhang.lines]
    assert [(row.operation_id, row.kind) for row in rows] == [(line.get("id"), line.get("kind")) for line in lines]
    assert {(row.device_id, row.person_id) for row in rows} == {(zhang.id, zhang.person_id)}
    assert len({(row.batch_id, row.received_at) for row in rows}) == 1
    by_outcome = [row for row in rows if row.status is not None]
    assert [(row.status, row.reason, json.loads(row.detail)) for row in by_outcome] == [
        (each["status"], each["reason"], each["detail"]) for each in outcomes
    ]
    assert [(each["reason"], each["detail"]) for each in outcomes[1:3]] == [
        ("broken_chain", {"problem": "prev", "expected": hash_of(zhang.lines[1])}),
        ("broken_chain", {"problem": "not_its_place", "says_seq": 9}),
    ]
    assert outcomes[0]["document"] == {"type": "work_order", "id": order, "version": 2}
    assert [(row.document_type, row.document_id, row.document_version) for row in rows] == [
        (None, None, None), ("work_order", order, 2), ("work_order", order, None), ("work_order", order, None),
        ("device", lines[4]["target"], None), ("person", zhang.person_id, None), (None, None, None),
        (None, None, None),
    ]  # fmt: skip
    assert [row.took_id for row in rows] == [None, True, None, None, None, None, None, None]
    assert not any(row.repeated for row in rows)
    # What a line was judged by: the anchor before it, and the line before it.
    clocks = [json.loads(row.inputs)["clocks"] for row in rows]
    assert (clocks[0]["anchor"], clocks[0]["last"]) == (None, None)
    assert all(each["anchor"] is not None for each in clocks[1:])
    assert [each["last"]["mono"] for each in clocks[1:]] == [line["at"]["mono"] for line in lines[:7]]


def test_an_anchor_that_does_not_say_when_it_was_received_proves_nothing(zhang: Phone, office: Office) -> None:
    office.open(zhang.person_id)
    zhang.sync()
    token, zhang.anchor = zhang.anchor, None
    zhang.write("anchor", None, {"anchor": token, "received": "yesterday"})
    zhang.write("anchor", None, {"anchor": 7})
    assert [(o["reason"], o["detail"]) for o in zhang.sync()] == [
        ("bad_anchor", {"problem": "received"}),
        ("bad_anchor", {}),
    ]


def test_what_is_about_an_order_and_cannot_be_says_why(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", new_id(), note())
    zhang.write("nonsense.do", order, {})
    zhang.write("note.add", None, note())
    zhang.write("order.open", order, {"kind": "repair", "fault": "again"})
    zhang.write("order.plan", order, {"changes": {"priority": {"was": "normal", "now": "low"}}})
    zhang.write("note.add", order, {"note": "1"})
    assert [(o["reason"], o["detail"]) for o in zhang.sync()] == [
        ("unknown_target", {}),
        ("unknown_kind", {"kind": "nonsense.do"}),
        ("invalid_data", {"field": "target", "problem": "missing"}),
        ("invalid_data", {"field": "target", "problem": "target_exists"}),
        ("not_permitted", {}),
        ("invalid_data", {"fields": {"note": ["not_a_uuid"], "text": ["Missing data for required field."]}}),
    ]
