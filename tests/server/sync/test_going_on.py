"""Who said `unable` goes on by themselves until it is reviewed: alone, at once with the office, after a restore."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select, update

from server.database import reading, writing
from server.models import JournalLine
from server.office.queries.queries import count_overdue, count_to_review
from server.services import utc_now
from server.sync.exchange.replay import differing, replayed, stored
from tests.conftest import People
from tests.databases import PATIENCE_S
from tests.races.gates import hand_in, not_yet_committed, written_by
from tests.races.random_run.replay.judging import judge
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, findings, restore
from tests.server.sync.phone import Phone, new_id
from tests.server.sync.test_recall import held_copy

PAST = {"start": "2020-01-01T08:00:00+08:00", "end": "2020-01-01T10:00:00+08:00"}


@pytest.fixture
def order(zhang: Phone, li: Phone, office: Office) -> str:
    """Zhang's and Li's, and Zhang has said that it cannot be done."""
    order = office.open(zhang.person_id, li.person_id, window=PAST)
    zhang.sync()
    say(zhang, order, "accepted")
    say(zhang, order, "unable", reason="no_access")
    li.sync()
    return order


def say(phone: Phone, order: str, to: str, **more: str) -> dict[str, Any]:  # Any: JSON
    """A stage, said with the document on the screen that the phone has; its outcome."""
    phone.write("order.stage", order, {"to": to} | more, seen=version(phone, order))
    return phone.sync()[-1]


def version(phone: Phone, order: str) -> int:
    return int(phone.documents[("work_order", order)]["version"])


def counted() -> tuple[int, int]:
    """How many orders wait for a review, and how many are late."""
    with reading() as connection:
        return count_to_review(connection), count_overdue(connection, utc_now())


def holds(order: str) -> None:
    """The journal says the same as the document, by the server's own replay and by the contract's."""
    with reading() as connection:
        assert differing(replayed(connection, order), stored(connection, order)) == []
        assert judge(connection).found == []
    assert findings() == []


def test_whoever_said_unable_goes_on_and_nobody_has_to_review_it(zhang: Phone, li: Phone, order: str) -> None:
    assert counted() == (1, 0)
    outcome = say(zhang, order, "working")
    assert (outcome["status"], outcome["detail"]) == ("applied", {"resumed": True})
    body = zhang.order(order)
    assert (body["stage"], body["state"], body["review"]["state"], body["flags"]) == ("working", "working", "none", [])
    assert [step["to"] for step in body["stages"]] == ["accepted", "unable", "working"]
    assert counted() == (0, 1), "nothing to review, and its time runs again"
    li.sync()
    assert li.order(order)["stage"] == "working"
    assert say(zhang, order, "finished")["detail"] == {}
    assert counted() == (1, 0)
    holds(order)


def test_somebody_else_changes_nothing_by_trying(zhang: Phone, li: Phone, office: Office, order: str) -> None:
    outcome = say(li, order, "working")
    refused = {"not_forward": {"from": "unable", "to": "working"}}
    assert (outcome["status"], outcome["detail"]) == ("applied", refused)
    assert office.write("order.stage", order, {"to": "working"}, version(li, order)).status == "held"
    stranger = Phone(office.person_id, role="supervisor").register()
    stranger.write("order.stage", order, {"to": "working"}, seen=version(li, order))
    assert stranger.sync()[-1]["reason"] == "not_permitted"
    zhang.sync()
    assert zhang.order(order)["stage"] == "unable" and counted() == (1, 0)
    holds(order)


def test_another_phone_of_theirs_must_have_seen_it(zhang: Phone, order: str) -> None:
    other = Phone(zhang.person_id).register()
    other.write("order.stage", order, {"to": "working"}, seen=1)
    assert other.sync()[-1]["detail"] == {"not_forward": {"from": "unable", "to": "working"}}
    assert say(other, order, "working")["detail"] == {"resumed": True}
    holds(order)


@pytest.mark.parametrize("verdict", ["approved", "returned"])
def test_a_review_that_came_first_stands_and_what_was_done_is_there(
    zhang: Phone, office: Office, order: str, verdict: str
) -> None:
    seen = version(zhang, order)
    zhang.write("order.stage", order, {"to": "working"}, seen=seen)
    zhang.write("note.add", order, {"note": new_id(), "text": "钥匙找到了"}, seen=seen)
    zhang.write("material.add", order, material(), seen=seen)
    office.write("order.review", order, {"verdict": verdict, "comment": "明天再去"}, seen)
    outcomes = zhang.sync()
    assert [each["status"] for each in outcomes] == ["applied"] * 3
    assert "not_forward" in outcomes[0]["detail"]
    body = zhang.order(order)
    assert (body["stage"], body["review"]["state"], body["review"]["comment"]) == ("unable", verdict, "明天再去")
    assert len(body["notes"]) == len(body["materials"]) == 1
    flags = ["changed_after_review"] if verdict == "approved" else []
    assert [each["code"] for each in body["flags"]] == flags
    outcome = say(zhang, order, "working")
    assert ("not_forward" in outcome["detail"]) == (verdict == "approved"), "a return that was seen leads back"
    holds(order)


def material() -> dict[str, Any]:  # Any: JSON
    return {"line": new_id(), "name": "seal", "unit": "set", "quantity": "1", "unit_price": 100, "source": "van"}


def test_planned_for_somebody_else_meanwhile_it_goes_on_and_is_asked_about(
    people: People, zhang: Phone, li: Phone, office: Office, order: str
) -> None:
    seen = version(zhang, order)
    zhang.write("order.stage", order, {"to": "working"}, seen=seen)
    changes = {"assignees": {"was": [people.zhang.id, people.li.id], "now": [people.li.id]}}
    office.write("order.plan", order, {"changes": changes}, seen)
    assert zhang.sync()[0]["detail"] == {"resumed": True}
    li.sync()
    body = li.order(order)
    assert (body["stage"], body["assignees"]) == ("working", [people.li.id])
    assert [each["code"] for each in body["flags"]] == ["done_by_former_assignee"]
    holds(order)


def reviewing(office: Office, order: str) -> Callable[[Connection], Any]:
    return written_by(office.person_id, "order.review", order, {"verdict": "approved", "comment": None})


def test_of_two_at_once_the_review_that_is_first_stands(
    zhang: Phone, office: Office, order: str, beside: Beside
) -> None:
    zhang.write("order.stage", order, {"to": "working"}, seen=version(zhang, order))
    with not_yet_committed(reviewing(office, order)):
        later = beside(zhang.sync)
    assert "not_forward" in later.result(PATIENCE_S)[-1]["detail"]
    assert (zhang.order(order)["stage"], zhang.order(order)["review"]["state"]) == ("unable", "approved")
    holds(order)


def test_of_two_at_once_a_review_of_what_is_taken_back_is_refused(
    zhang: Phone, office: Office, order: str, beside: Beside
) -> None:
    zhang.write("order.stage", order, {"to": "working"}, seen=version(zhang, order))

    def review() -> Any:  # Any: an outcome
        with writing() as connection:
            return reviewing(office, order)(connection)

    with not_yet_committed(hand_in(zhang)):
        later = beside(review)
    outcome = later.result(PATIENCE_S)
    assert (outcome.status, outcome.detail["problem"]) == ("held", "not_finished")
    zhang.sync()
    assert (zhang.order(order)["stage"], zhang.order(order)["review"]["state"]) == ("working", "none")


def test_what_older_versions_took_for_a_step_back_stays_one(zhang: Phone, order: str) -> None:
    with writing() as connection:
        stages = select(JournalLine.position, JournalLine.inputs).where(JournalLine.kind == "order.stage")
        for position, inputs in connection.execute(stages).all():
            old = json.dumps({name: value for name, value in json.loads(inputs).items() if name != "ways_back"})
            connection.execute(update(JournalLine).where(JournalLine.position == position).values(inputs=old))
        before = replayed(connection, order)
    assert all("device" not in step for step in before["stages"])
    assert before["stage"] == "unable"
    outcome = say(zhang, order, "working")
    assert outcome["detail"] == {"resumed": True}, "what an older version wrote is taken back by who had seen it"
    with writing() as connection:
        last = select(JournalLine.position, JournalLine.inputs).where(JournalLine.operation_id == outcome["id"])
        position, inputs = connection.execute(last).one()
        old = json.dumps({name: value for name, value in json.loads(inputs).items() if name != "ways_back"})
        connection.execute(update(JournalLine).where(JournalLine.position == position).values(inputs=old))
        assert replayed(connection, order)["stage"] == "unable"


def test_what_was_said_at_home_is_taken_back_to_where_the_order_stood(zhang: Phone, office: Office, order: str) -> None:
    outcome = say(zhang, order, "accepted")
    assert (outcome["status"], outcome["detail"]) == ("applied", {"resumed": True})
    body = zhang.order(order)
    assert (body["stage"], body["review"]["state"], body["flags"]) == ("accepted", "none", [])
    assert [step["to"] for step in body["stages"]] == ["accepted", "unable", "accepted"]
    assert counted() == (0, 1)
    assert say(zhang, order, "en_route")["detail"] == {}
    holds(order)


def test_a_step_to_where_it_stood_stays_one_back_for_what_knew_of_working_alone(zhang: Phone, order: str) -> None:
    outcome = say(zhang, order, "accepted")
    with writing() as connection:
        here = JournalLine.operation_id == outcome["id"]
        inputs = connection.execute(select(JournalLine.inputs).where(here)).scalar_one()
        old = json.dumps(json.loads(inputs) | {"ways_back": 3})
        connection.execute(update(JournalLine).where(here).values(inputs=old))
        assert (replayed(connection, order)["stage"], stored(connection, order)["stage"]) == ("unable", "accepted")


def test_what_a_copy_knows_of_going_on_comes_back_with_it(
    zhang: Phone, li: Phone, office: Office, order: str, tmp_path: Path
) -> None:
    backups = Backups(tmp_path)
    before = backups.take()
    say(zhang, order, "working")
    li.sync()
    copy = held_copy(li, order)
    restore(before)
    office.write("note.add", order, {"note": new_id(), "text": "恢复之后"})
    li.acknowledged = 0
    li.write("order.recall", order, copy)
    assert li.sync()[-1]["status"] == "applied"
    body = li.order(order)
    assert (body["stage"], body["review"]["state"], len(body["notes"])) == ("working", "none", 1)
    assert counted() == (0, 1)
    with reading() as connection:
        assert differing(replayed(connection, order), stored(connection, order)) == []
