"""A review is of what its author had seen: it does not land on what has come after that."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import select, update

from server.database import reading, writing
from server.models import JournalLine
from server.sync.exchange.replay import differing, replayed, stored
from server.sync.ledgers.outcome import Outcome
from tests.races.gates import decided_by
from tests.races.random_run.replay.judging import judge
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import findings
from tests.server.sync.phone import Phone
from tests.server.sync.test_going_on import say, version


@pytest.fixture
def order(zhang: Phone, office: Office) -> str:
    """Zhang has said that it cannot be done."""
    order = office.open(zhang.person_id)
    zhang.sync()
    say(zhang, order, "on_site")
    say(zhang, order, "unable", reason="no_access")
    return order


def review(office: Office, order: str, verdict: str, seen: int | None) -> Outcome:
    return office.write("order.review", order, {"verdict": verdict, "comment": "看过了"}, seen)


def finished_after_all(zhang: Phone, order: str) -> int:
    """What the office has on its screen when Zhang goes on and finishes."""
    seen = version(zhang, order)
    say(zhang, order, "working")
    say(zhang, order, "finished")
    return seen


def reviewed(order: str) -> dict[str, Any]:  # Any: JSON
    with reading() as connection:
        found = stored(connection, order)
        assert found is not None
        assert differing(replayed(connection, order), found) == []
        assert judge(connection).found == []
    assert findings() == []
    result: dict[str, Any] = found["review"]
    return result


def test_an_approval_of_what_could_not_be_done_does_not_land_on_what_was_finished_since(
    zhang: Phone, office: Office, order: str
) -> None:
    seen = finished_after_all(zhang, order)
    outcome = review(office, order, "approved", seen)
    assert (outcome.status, outcome.reason) == ("held", "invalid_data")
    assert outcome.detail == {"field": "verdict", "problem": "stage_unseen"}
    assert reviewed(order)["state"] == "pending"
    with writing() as connection:
        decided = decided_by(office.person_id, outcome.id, "apply")(connection)
    assert decided.detail["still_held"]["problem"] == "stage_unseen", "to let it in makes it no newer"
    assert review(office, order, "approved", version(zhang, order)).status == "applied"
    assert reviewed(order)["state"] == "approved"


def test_who_reviews_does_not_overwrite_a_review_that_they_had_not_seen(
    zhang: Phone, office: Office, order: str, people: Any
) -> None:
    seen = version(zhang, order)
    assert review(office, order, "returned", seen).status == "applied"
    other = Office(people.admin.id)
    outcome = review(other, order, "approved", seen)
    assert (outcome.status, outcome.detail.get("problem")) == ("held", "review_unseen")
    assert reviewed(order)["state"] == "returned"
    assert review(office, order, "approved", seen).status == "applied", "one's own one knows"
    zhang.sync()
    assert review(other, order, "returned", version(zhang, order)).status == "applied"
    assert reviewed(order)["state"] == "returned"


def test_a_review_from_before_the_rule_means_what_it_meant(zhang: Phone, office: Office, order: str) -> None:
    seen = finished_after_all(zhang, order)
    outcome = review(office, order, "approved", None)
    assert outcome.status == "applied", "who says nothing of what they saw is believed"
    with writing() as connection:
        here = JournalLine.operation_id == outcome.id
        raw, inputs = connection.execute(select(JournalLine.bytes, JournalLine.inputs).where(here)).one()
        line = json.loads(raw) | {"seen": seen}
        old = {name: value for name, value in json.loads(inputs).items() if name != "answers_seen"}
        values = {"bytes": json.dumps(line, ensure_ascii=False).encode(), "inputs": json.dumps(old)}
        connection.execute(update(JournalLine).where(here).values(**values))
        before = replayed(connection, order)
        assert before["review"]["state"] == "approved"
