"""One line of a ledger as it is taken in: what is kept of it, what is said of it, whose its id is."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from server.documents.operation import Body, Operation, Result
from server.documents.work_order.registry import REGISTRY
from server.models import HeldLine, JournalLine
from server.security_log import WAITING
from server.sync.exchange.taking import take_line
from server.sync.ledgers.anchors import NEVER
from server.sync.ledgers.clocks import Arrival
from server.sync.ledgers.line import hash_of
from server.sync.ledgers.outcome import Outcome
from server.sync.store.feeds import Publication
from tests.server.sync.ledger_scene import COMPANY, MINT, NINE, Scene, Writer, changes, note
from tests.server.sync.phone import new_id

TAKEN = ("invalid_data", {"field": "id", "problem": "id_taken"})


@pytest.fixture
def order(wang: Writer, zhang: Writer) -> str:
    return wang.open(zhang.id)


def journal(writer: Writer) -> list[Any]:
    """The rows of a ledger."""
    found = select(JournalLine.__table__).where(JournalLine.device_id == writer.author.device_id)
    return list(writer.scene.connection.execute(found.order_by(JournalLine.seq)))


def said(outcome: Outcome | None) -> tuple[str | None, dict[str, Any]]:
    """Why a line was held."""
    assert outcome is not None and outcome.status == "held"
    return outcome.reason, outcome.detail


def told_of(here: Scene) -> list[tuple[str, dict[str, Any]]]:
    """What the security log is told where this is committed."""
    return list(here.connection.info.pop(WAITING, []))


def test_a_line_is_kept_with_everything_that_came_of_it(zhang: Writer, order: str) -> None:
    raw = zhang.line("note.add", order, note("é 长"))
    zhang.take(raw)
    (row,) = journal(zhang)
    kept = row._asdict()
    assert kept.pop("position")
    assert json.loads(kept.pop("inputs"))["clocks"] == {"anchor": None, "last": None}
    assert kept == {
        "device_id": zhang.author.device_id, "seq": 1, "batch_id": zhang.ledger.batch_id, "bytes": raw,
        "hash": hash_of(raw), "operation_id": json.loads(raw)["id"], "kind": "note.add", "person_id": zhang.id,
        "received_at": zhang.now + timedelta(minutes=1), "status": "applied", "reason": None, "detail": "{}",
        "document_type": "work_order", "document_id": order, "document_version": 2, "repeated": False, "took_id": True,
    }  # fmt: skip
    assert (zhang.ledger.acknowledged, zhang.ledger.head_hash) == (1, hash_of(raw))
    last = zhang.ledger.clocks.last
    assert last is not None and last.wall == zhang.now


def test_a_line_that_is_held_is_kept_and_waits(here: Scene, zhang: Writer) -> None:
    target = new_id()
    held = zhang.write("note.add", target, note(), seen=3)
    assert held == Outcome(held.id, 1, "held", False, None, "unknown_target", {})
    (row,) = journal(zhang)
    assert (row.status, row.reason, row.document_type, row.document_id, row.document_version, row.took_id) == (
        "held", "unknown_target", None, target, None, None,
    )  # fmt: skip
    waits = here.connection.execute(select(HeldLine.__table__)).one()._asdict()
    assert waits == {
        "position": row.position, "operation_id": held.id, "target": target, "state": "waiting",
        "reason": "unknown_target", "detail": "{}", "outcome": None, "decided_by": None, "decided_at": None,
        "comment": None,
    }  # fmt: skip
    assert here.told(held.id)["received_at"] == (zhang.now + timedelta(minutes=1)).isoformat()
    assert zhang.ledger.publications == [Publication(f"person:{zhang.id}", "held", str(held.id))]


@pytest.mark.parametrize("raw", [b"{not json", b"\xff\xfe", b"[]", b'{"v":99}'])
def test_what_cannot_be_read_is_kept_and_the_next_line_follows_it(
    here: Scene, zhang: Writer, order: str, raw: bytes
) -> None:
    why = {b"[]": "not_an_object", b'{"v":99}': "unknown_version"}.get(raw, "not_json")
    assert zhang.take(raw) == Outcome(None, 1, "held", False, None, "unreadable", {"why": why})
    (row,) = journal(zhang)
    assert (row.bytes, row.kind, row.operation_id, row.document_type, row.document_id) == (raw, None, None, None, None)
    assert json.loads(row.inputs) == {"clocks": {"anchor": None, "last": None}}
    waits = here.connection.execute(select(HeldLine.target)).scalar_one()
    assert waits is None
    assert zhang.ledger.clocks.last is None
    assert zhang.write("note.add", order, note()).status == "applied"


@pytest.mark.parametrize(
    ("wrong", "detail"),
    [
        ({"seq": 7}, {"problem": "not_its_place", "says_seq": 7}),
        ({"device": "0190a000-0000-7000-8000-0000000000da"}, {"problem": "not_its_place", "says_seq": 1}),
        ({"prev": "f" * 64}, {"problem": "prev", "expected": "0" * 64}),
    ],
)
def test_a_line_that_is_not_the_ledgers_next_is_held_alone(
    here: Scene, zhang: Writer, order: str, wrong: dict[str, Any], detail: dict[str, Any]
) -> None:
    held = zhang.write("note.add", order, note(), **wrong)
    assert held == Outcome(held.id, 1, "held", False, None, "broken_chain", detail)
    who = {"reason": "broken_chain", "person": zhang.id, "device": zhang.author.device_id}
    assert told_of(here) == [("line_held", who)]
    assert zhang.write("note.add", order, note()).status == "applied"
    assert [row.bytes and row.seq for row in journal(zhang)] == [1, 2]


@pytest.mark.parametrize(
    ("signed_from", "reasons"),
    [(None, ["bad_signature"] * 2), (3, ["bad_signature"] * 2), (2, ["bad_signature", None]), (1, [None, None])],
)
def test_a_batchs_signature_stands_for_the_lines_that_it_is_said_to(
    zhang: Writer, order: str, signed_from: int | None, reasons: list[str | None]
) -> None:
    zhang.ledger.signed_from = signed_from
    outcomes = [zhang.write("note.add", order, note()) for _ in range(2)]
    assert [outcome.reason for outcome in outcomes] == reasons
    assert all(outcome.detail == {} for outcome in outcomes)


@pytest.mark.parametrize(
    ("kind", "by", "target_type"),
    [("person.close", "wang", "person"), ("person.adopt", "wang", "person"), ("device.revoke", "wang", "device"),
     ("ledger.claim", "zhang", "device"), ("note.add", "zhang", None), ("held.decide", "wang", None),
     ("order.open", "zhang", "work_order")],
)  # fmt: skip
def test_a_held_line_says_what_it_is_about(
    here: Scene, wang: Writer, zhang: Writer, kind: str, by: str, target_type: str | None
) -> None:
    """An operation that would have opened something says what; of others nobody knows, and none is guessed."""
    target = new_id()
    writer = {"wang": wang, "zhang": zhang}[by]
    writer.write(kind, target, {"nonsense": True})
    assert (journal(writer)[-1].document_type, journal(writer)[-1].document_id) == (target_type, target)
    writer.write(kind, None, {"nonsense": True})
    assert (journal(writer)[-1].document_type, journal(writer)[-1].document_id) == (None, None)


def test_the_security_log_is_told_of_what_nobody_may_write_and_of_nothing_else(
    here: Scene, wang: Writer, zhang: Writer, order: str
) -> None:
    zhang.write("order.review", order, {"verdict": "approved"})
    who = {"reason": "not_permitted", "person": zhang.id, "device": zhang.author.device_id}
    assert told_of(here) == [("line_held", who)]
    zhang.write("note.add", new_id(), note())
    zhang.write("note.add", order, {})
    zhang.write("note.add", order, note())
    zhang.write("nonsense.do", order, {})
    assert told_of(here) == []
    zhang.ledger.revoked = True
    zhang.write("note.add", order, note())
    zhang.write("anchor", None, {"anchor": "forged"})
    zhang.take(b"no json")
    zhang.ledger.revoked, zhang.ledger.unknown = False, True
    zhang.write("note.add", order, note())
    reasons = [facts["reason"] for _, facts in told_of(here)]
    assert reasons == ["device_revoked", "bad_anchor", "unreadable", "unknown_device"]


@pytest.mark.parametrize(
    ("state", "reason", "detail"),
    [
        ({"revoked": True}, "device_revoked", {}),
        ({"unknown": True}, "unknown_device", {}),
        ({"handed_in": True}, "not_permitted", {"problem": "from_a_file"}),
        ({"revoked": True, "handed_in": True, "unknown": True}, "device_revoked", {}),
        ({"handed_in": True, "unknown": True}, "not_permitted", {"problem": "from_a_file"}),
    ],
)
def test_what_nobody_stands_for_waits(
    wang: Writer, order: str, state: dict[str, bool], reason: str, detail: dict[str, Any]
) -> None:
    wang.ledger = replace(wang.ledger, **state)  # type: ignore[arg-type]  # flags
    assert said(wang.write("order.plan", order, changes(instructions=("", "Ring.")))) == (reason, detail)


def test_what_the_field_may_write_comes_from_a_file_too(zhang: Writer, order: str) -> None:
    zhang.ledger.handed_in = True
    assert zhang.write("note.add", order, note()).status == "applied"


def test_a_fault_of_ours_holds_that_line_and_undoes_what_it_did(
    here: Scene, zhang: Writer, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = REGISTRY["note.add"]

    def fails(body: Body, op: Operation) -> Result:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setitem(REGISTRY, "note.add", replace(known, handler=fails))
        held = zhang.write("note.add", order, note())
    detail = {"problem": "could_not_apply", "error": "ZeroDivisionError"}
    assert held == Outcome(held.id, 1, "held", False, None, "invalid_data", detail)
    with monkeypatch.context() as patched, pytest.raises(MemoryError):
        patched.setitem(REGISTRY, "note.add", replace(known, handler=_without_memory))
        zhang.write("note.add", order, note())
    assert len(journal(zhang)) == 1


def _without_memory(body: Body, op: Operation) -> Result:
    raise MemoryError


def test_what_somebody_else_was_first_to_make_is_seen_the_second_time(
    here: Scene, zhang: Writer, order: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, tries = REGISTRY["note.add"], []

    def once(body: Body, op: Operation) -> Result:
        tries.append(op.id)
        if len(tries) == 1:
            raise IntegrityError("statement", None, Exception())
        return known.handler(body, op)

    monkeypatch.setitem(REGISTRY, "note.add", replace(known, handler=once))
    noted = zhang.write("note.add", order, note())
    assert (noted.status, len(tries), len(here.body(order)["notes"])) == ("applied", 2, 1)


def test_an_anchor_has_no_outcome_and_is_what_later_lines_are_not_older_than(zhang: Writer, order: str) -> None:
    token = MINT.mint(NINE)
    assert zhang.take(zhang.line("anchor", None, {"anchor": token})) is None
    anchor = zhang.ledger.clocks.anchor
    assert anchor is not None and (anchor.server_time, anchor.received.wall) == (NINE, zhang.now)
    (row,) = journal(zhang)
    assert (row.status, row.reason, row.detail, row.kind, row.took_id, row.repeated) == (
        None, None, "{}", "anchor", None, False,
    )  # fmt: skip
    noted = zhang.write("note.add", order, note())
    clocks = json.loads(zhang.scene.row(noted.id).inputs)["clocks"]
    assert clocks["anchor"]["server_time"] == NINE.isoformat()
    assert clocks["last"]["wall"] == (zhang.now - timedelta(seconds=1)).isoformat()


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        ({}, {}),
        ({"anchor": 7}, {}),
        ({"anchor": "forged"}, {}),
        ({"anchor": "mint", "received": {"wall": "yesterday"}}, {"problem": "received"}),
        ({"anchor": "mint", "received": 7}, {"problem": "received"}),
    ],
)
def test_an_anchor_that_nobody_made_is_held(zhang: Writer, data: dict[str, Any], detail: dict[str, Any]) -> None:
    data = data | ({"anchor": MINT.mint(NINE)} if data.get("anchor") == "mint" else {})
    held = zhang.write("anchor", None, data)
    assert held == Outcome(held.id, 1, "held", False, None, "bad_anchor", detail)
    assert zhang.ledger.clocks.anchor is None


def test_an_anchor_of_a_clock_that_was_ahead_proves_nothing(zhang: Writer) -> None:
    for token in (MINT.mint(NINE + timedelta(days=1)), MINT.mint(NINE, in_doubt=True)):
        assert zhang.take(zhang.line("anchor", None, {"anchor": token})) is None
        assert zhang.ledger.clocks.anchor is None
    assert MINT.read(MINT.mint(NINE, in_doubt=True)) == NEVER
    raw = zhang.line("anchor", None, {"anchor": MINT.mint(zhang.now + timedelta(seconds=62))})
    zhang.take(raw)
    assert zhang.ledger.clocks.anchor is None, "made by the clock of a second later"
    zhang.take(zhang.line("anchor", None, {"anchor": MINT.mint(zhang.now + timedelta(seconds=61))}))
    assert zhang.ledger.clocks.anchor is not None, "made in the moment in which it comes in"


def test_a_line_that_came_in_while_the_clock_was_in_doubt_says_so(here: Scene, zhang: Writer, order: str) -> None:
    raw = zhang.line("departure.record", order, {"departure": new_id(), "why_none": "denied"})
    latest = NINE + timedelta(hours=1)
    zhang.ledger.arrival = Arrival(NINE, None, latest)
    taken = take_line(here.connection, zhang.ledger, raw, MINT, COMPANY)
    assert taken is not None and json.loads(here.row(taken.id).inputs)["latest"] == latest.isoformat()
    time = here.body(order)["departures"][0]["time"]
    assert time["not_after"] == "2026-11-24T10:00:00.000Z"
    assert "server_clock_in_doubt" in [reason["code"] for reason in time["reasons"]]


def test_how_a_fix_is_judged_is_kept_beside_the_line(here: Scene, zhang: Writer, order: str) -> None:
    position = {"latitude": 30.0, "longitude": 120.0, "accuracy_m": 5.0, "fixed_at": "2026-11-24T09:00:00Z",
                "age_s": 0.0}  # fmt: skip
    with_one = zhang.write("departure.record", order, {"departure": new_id(), "position": position})
    without = zhang.write("departure.record", order, {"departure": new_id(), "why_none": "denied"})
    assert json.loads(here.row(with_one.id).inputs)["fixes"] == "by_both_clocks"
    assert "fixes" not in json.loads(here.row(without.id).inputs)


def test_an_operation_that_comes_again_is_answered_as_at_first_and_done_once(
    here: Scene, zhang: Writer, order: str
) -> None:
    data = note()
    first = zhang.write("note.add", order, data)
    zhang.write("note.add", order, note())
    other = here.writer("zhang")
    other.write("note.add", order, note())
    again = other.write("note.add", order, data, id=first.id)
    assert again == replace(first, seq=2, repeated=True)
    row = journal(other)[-1]
    assert (row.status, row.repeated, row.took_id, row.document_version) == ("applied", True, None, 2)
    assert json.loads(row.inputs).keys() == {"clocks"}
    assert len(here.body(order)["notes"]) == 3
    once_more = here.writer("zhang").write("note.add", order, data, id=first.id)
    assert once_more == replace(first, seq=1, repeated=True)


def test_a_conflict_that_comes_again_is_told_again(here: Scene, wang: Writer, zhang: Writer, order: str) -> None:
    wang.write("order.edit", order, changes(diagnosis=("", "seal")))
    data = changes(diagnosis=("", "hose"))
    first = zhang.write("order.edit", order, data)
    assert first.status == "conflict" and first.detail["conflicts"]
    again = here.writer("zhang").write("order.edit", order, data, id=first.id)
    assert again == replace(first, seq=1, repeated=True)


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"data": note("Something else.")}, id="other words"),
        pytest.param({"kind": "order.edit", "data": changes(diagnosis=("", "seal"))}, id="another kind"),
        pytest.param({"target": new_id()}, id="another order"),
        pytest.param({"by": "li"}, id="somebody else"),
    ],
)
def test_an_id_that_says_something_else_is_taken(here: Scene, zhang: Writer, order: str, other: dict[str, Any]) -> None:
    data = note()
    first = zhang.write("note.add", order, data)
    writer = here.writer(other.pop("by", "zhang"))
    line = {"kind": "note.add", "target": order, "data": data} | other
    held = writer.write(line["kind"], line["target"], line["data"], id=first.id)
    assert (said(held), held.repeated) == (TAKEN, False)
    assert len(here.body(order)["notes"]) == 1


def test_what_was_held_is_tried_again_and_waits_nowhere_then(here: Scene, wang: Writer, zhang: Writer) -> None:
    order, data = new_id(), note()
    first = zhang.write("note.add", order, data)
    second = here.writer("zhang").write("note.add", order, data, id=first.id)
    assert (second.reason, second.repeated) == ("unknown_target", False)
    assert here.waiting() == [first.id] * 2
    wang.open(order=order)
    assert here.held() == [(first.id, "waiting", "not_permitted")] * 2
    wang.write("order.plan", order, changes(assignees=([], [zhang.id])))
    assert here.waiting() == []
    assert len(here.body(order)["notes"]) == 1


def test_a_held_line_that_comes_in_well_takes_the_waiting_ones_along(here: Scene, zhang: Writer, order: str) -> None:
    data = note()
    first = zhang.write("note.add", order, data, prev="f" * 64)
    other = here.writer("zhang")
    second = other.write("note.add", order, data, id=first.id)
    assert (second.status, second.repeated, second.document and second.document["version"]) == ("applied", False, 2)
    (held,) = here.connection.execute(select(HeldLine.__table__))
    assert (held.state, held.decided_by, held.comment, held.decided_at) == (
        "applied", None, None, other.now + timedelta(minutes=2),
    )  # fmt: skip
    assert json.loads(held.outcome) == second.as_json()
    assert [entry.type for entry in other.ledger.publications] == ["work_order", "held"]
    again = here.writer("zhang").write("note.add", order, data, id=first.id)
    assert again == replace(second, seq=1, repeated=True)
    assert len(here.body(order)["notes"]) == 1


@pytest.mark.parametrize("decision", ["apply", "dismiss"])
def test_what_was_decided_about_it_is_said_when_it_comes_again(
    here: Scene, wang: Writer, zhang: Writer, order: str, decision: str
) -> None:
    data = note()
    first = zhang.write("note.add", order, data, prev="f" * 64)
    wang.write("held.decide", order, {"operation": first.id, "decision": decision})
    again = here.writer("zhang").write("note.add", order, data, id=first.id)
    document = {"type": "work_order", "id": order, "version": 2}
    expected = (
        Outcome(first.id, 1, "applied", True, document, None, {})
        if decision == "apply"
        else Outcome(first.id, 1, "held", True, None, "broken_chain", first.detail | {"dismissed": True})
    )
    assert again == expected
    different = here.writer("zhang").write("note.add", order, note("Something else."), id=first.id)
    assert said(different) == TAKEN


def test_an_unproven_line_takes_nobodys_id_away(here: Scene, wang: Writer, zhang: Writer, order: str) -> None:
    """Somebody puts what another wrote into a ledger of their own, unsigned, before it came in."""
    data, operation = note(), new_id()
    li = here.writer("li")
    li.ledger.signed_from = None
    assert said(li.write("note.add", order, data, id=operation))[0] == "bad_signature"
    mine = zhang.write("note.add", order, data, id=operation)
    assert (mine.status, mine.repeated) == ("applied", False)
    assert here.waiting() == [operation]
    # Let in by somebody it is no longer nobody's.
    other, stolen = new_id(), note()
    li.write("note.add", order, stolen, id=other)
    wang.write("held.decide", order, {"line": {"device": li.author.device_id, "seq": 2}, "decision": "apply"})
    assert said(zhang.write("note.add", order, stolen, id=other)) == TAKEN


def test_what_was_let_in_out_of_another_ledger_is_not_done_again_by_its_author(
    here: Scene, wang: Writer, zhang: Writer
) -> None:
    order, data = wang.open(), note()
    first = zhang.write("note.add", order, data)
    li = here.writer("li")
    li.ledger.signed_from = None
    li.write("note.add", order, data, id=first.id)
    wang.write("held.decide", order, {"line": {"device": li.author.device_id, "seq": 1}, "decision": "apply"})
    assert [state for _, state, _ in here.held()] == ["waiting", "applied"]
    assert said(here.writer("zhang").write("note.add", order, data, id=first.id)) == TAKEN
    assert len(here.body(order)["notes"]) == 1


def test_a_line_that_is_somebodys_word_keeps_its_id_although_it_waits(here: Scene, zhang: Writer, order: str) -> None:
    li = here.writer("li")
    data = note()
    first = li.write("note.add", order, data)
    assert first.reason == "not_permitted"
    assert said(zhang.write("note.add", order, data, id=first.id)) == TAKEN


@pytest.mark.parametrize("state", ["waiting", "dismissed"])
def test_a_device_that_only_a_file_knows_takes_nobodys_id_away(
    here: Scene, wang: Writer, zhang: Writer, order: str, state: str
) -> None:
    """A file says that the device is Zhang's; its line waits or was dismissed, and the true one comes in."""
    data = note()
    from_file = here.writer("zhang", known_by="file")
    from_file.ledger.handed_in, from_file.ledger.unknown = True, True
    first = from_file.write("note.add", order, data)
    assert first.reason == "unknown_device"
    if state == "dismissed":
        wang.write("held.decide", order, {"operation": first.id, "decision": "dismiss"})
    mine = zhang.write("note.add", order, data, id=first.id)
    assert (mine.status, mine.repeated) == ("applied", False)
    assert [held[1] for held in here.held()] == ["applied" if state == "waiting" else "dismissed"]
    li = here.writer("li")
    assert said(li.write("note.add", order, data, id=first.id)) == TAKEN


def test_what_could_not_be_read_is_not_taken_for_what_can(here: Scene, zhang: Writer, order: str) -> None:
    data, operation = note(), new_id()
    first = zhang.write("note.add", order, data, id=operation, seen=-1)
    assert (first.reason, first.detail) == ("unreadable", {"why": "wrong_shape"})
    mine = here.writer("zhang").write("note.add", order, data, id=operation)
    assert (mine.status, mine.repeated) == ("applied", False)
    assert here.waiting() == []


def test_of_two_that_wait_with_one_id_the_one_that_is_said_first_has_it(
    here: Scene, wang: Writer, zhang: Writer, order: str
) -> None:
    """Both are readable and of their author: the second is another operation."""
    li = here.writer("li")
    target, data = new_id(), note()
    first = li.write("note.add", target, data)
    second = zhang.write("note.add", order, note(), id=first.id)
    assert said(second) == TAKEN
    wang.open(li.id, order=target)
    assert here.held() == [(first.id, "applied", "unknown_target"), (first.id, "waiting", "invalid_data")]
    assert said(here.writer("zhang").write("note.add", order, note(), id=first.id)) == TAKEN


def test_a_repeated_line_is_not_looked_at_when_it_is_asked_what_came_before(
    here: Scene, zhang: Writer, order: str
) -> None:
    data = note()
    first = zhang.write("note.add", order, data)
    for _ in range(2):
        assert here.writer("zhang").write("note.add", order, data, id=first.id).repeated
    assert [row.repeated for row in here.connection.execute(
        select(JournalLine.repeated).where(JournalLine.operation_id == first.id).order_by(JournalLine.position)
    )] == [False, True, True]  # fmt: skip


def test_what_a_line_frees_is_applied_and_told_with_it(here: Scene, wang: Writer, zhang: Writer) -> None:
    order = new_id()
    waits = zhang.write("note.add", order, note())
    wang.open(zhang.id, order=order)
    feed = f"person:{zhang.id}"
    assert wang.ledger.publications == [
        Publication(feed, "work_order", order), Publication(feed, "work_order", order),
        Publication(feed, "held", str(waits.id)),
    ]  # fmt: skip
    (opened,) = journal(wang)
    inputs = json.loads(opened.inputs)
    (released,) = inputs["released"]
    assert released["position"] == journal(zhang)[0].position
    assert released["inputs"] == {"actor": {"role": "technician", "relation": "assignee"}, "version": 2}
