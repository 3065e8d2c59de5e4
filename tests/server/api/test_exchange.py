"""The exchange over real HTTP, with a client that knows only the protocol."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
import requests
from apiflask import APIFlask
from sqlalchemy import func, select

from server.database import reading
from server.models import JournalLine
from tests.conftest import People
from tests.reference_client import Client, Ledger, Refused, uuid7
from tests.server.api.conftest import SignIn, open_order


def journal(app: APIFlask) -> int:
    """How many lines the server has."""
    with app.app_context(), reading() as connection:
        return connection.execute(select(func.count()).select_from(JournalLine)).scalar_one()


def test_a_job_travels_from_the_office_to_the_technician_and_back(wang: Client, zhang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    document = zhang.held_documents("work_order")[order]
    assert document["body"]["assignees"] == [people.zhang.id]
    done = zhang.write("order.stage", order, {"to": "accepted"}, document["version"])
    zhang.sync()
    assert zhang.outcomes[done]["status"] == "applied"
    assert zhang.outcomes[done]["document"] == {"type": "work_order", "id": order, "version": 2}
    assert zhang.held_documents("work_order")[order]["body"]["stage"] == "accepted"
    answer = wang.call("GET", f"/api/v1/work-orders/{order}").json()
    assert (answer["version"], answer["body"]["stage"]) == (2, "accepted")


def test_an_answer_has_every_field_of_the_protocol(zhang: Client) -> None:
    answer = zhang.exchange()
    fields = {"epoch", "server_time", "anchor", "acknowledged", "outcomes", "changes", "cursors", "more"}
    assert fields <= set(answer)
    assert datetime.fromisoformat(answer["server_time"]).tzinfo is not None
    assert set(answer["cursors"]) == {f"person:{zhang.person['id']}", "company"}
    names = {document["body"]["name"] for document in zhang.held_documents("person").values()}
    assert {"张师傅", "李师傅", "王主管"} <= names


def test_a_lost_answer_applies_nothing_twice(
    app: APIFlask, wang: Client, zhang: Client, people: People, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    note = zhang.write("note.add", order, {"note": uuid7(), "text": "阀门已关"})

    def lose(_answer: object) -> None:
        raise requests.ConnectionError("the answer was lost")

    with monkeypatch.context() as patch:
        patch.setattr(zhang, "take", lose)
        with pytest.raises(requests.ConnectionError):
            zhang.exchange()
    assert note not in zhang.outcomes
    before = journal(app)
    zhang.sync()
    assert zhang.outcomes[note]["repeated"] is True
    assert zhang.outcomes[note]["status"] == "applied"
    assert journal(app) == before
    notes = zhang.held_documents("work_order")[order]["body"]["notes"]
    assert [entry["text"] for entry in notes] == ["阀门已关"]


def test_a_batch_sent_ten_times_is_answered_repeated(
    app: APIFlask, wang: Client, zhang: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    operations = [zhang.write("note.add", order, {"note": uuid7(), "text": f"{n}"}) for n in range(5)]
    first = zhang.acknowledged + 1
    answers = []
    for _ in range(10):
        body = zhang.batch(first)
        answers.append(zhang.call("POST", "/api/v1/sync", **zhang.packed(body)).json())
    told = [[(o["id"], o["status"], o["repeated"]) for o in answer["outcomes"]] for answer in answers]
    assert told[0] == [(operation, "applied", False) for operation in operations]
    assert told[1:] == [[(operation, "applied", True) for operation in operations]] * 9
    assert len({answer["acknowledged"] for answer in answers}) == 1
    document = wang.call("GET", f"/api/v1/work-orders/{order}").json()
    assert [note["text"] for note in document["body"]["notes"]] == ["0", "1", "2", "3", "4"]


def test_a_gap_is_refused_with_what_the_server_has(wang: Client, zhang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    for n in range(3):
        zhang.write("note.add", order, {"note": uuid7(), "text": f"{n}"})
    has = zhang.acknowledged
    with pytest.raises(Refused) as refused:
        zhang.call("POST", "/api/v1/sync", json=zhang.batch(has + 2))
    assert (refused.value.status, refused.value.code) == (409, "ledger_gap")
    assert refused.value.problem["acknowledged"] == has
    zhang.acknowledged = has + 2
    zhang.sync()
    assert zhang.acknowledged == len(zhang.ledger.lines)


def test_a_fork_is_refused_and_healed_without_the_password(
    app: APIFlask, sign_in: SignIn, wang: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    original = sign_in(people.zhang)
    original.sync()
    copy = Client(original.server, Ledger(original.ledger.device, original.ledger.key))
    copy.token, copy.epoch = original.token, original.epoch
    done = original.write("note.add", order, {"note": uuid7(), "text": "原机"})
    original.sync()
    copy.ledger.lines = []
    new = copy.write("note.add", order, {"note": uuid7(), "text": "副本"})
    with pytest.raises(Refused) as refused:
        copy.exchange()
    assert (refused.value.status, refused.value.code) == (409, "ledger_fork")
    known = json.loads(original.ledger.lines[-1])
    copy.ledger.write(known["kind"], known["target"], known["data"], identity=done)
    copy.move_to(Ledger())
    copy.sync()
    assert copy.outcomes[new]["status"] == "applied" and copy.outcomes[new]["repeated"] is False
    assert copy.outcomes[done]["repeated"] is True
    document = wang.call("GET", f"/api/v1/work-orders/{order}").json()
    assert sorted(note["text"] for note in document["body"]["notes"]) == sorted(["原机", "副本"])


def test_two_technicians_neither_see_nor_change_each_others_orders(
    wang: Client, zhang: Client, li: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    for client in (zhang, li):
        client.sync()
    assert order in zhang.held_documents("work_order")
    assert li.held_documents("work_order") == {}
    for path in ("", "/history", "/report.pdf"):
        with pytest.raises(Refused) as refused:
            li.call("GET", f"/api/v1/work-orders/{order}{path}")
        assert (refused.value.status, refused.value.code) == (404, "not_found")
    tried = li.write("note.add", order, {"note": uuid7(), "text": "不是我的"})
    li.sync()
    assert (li.outcomes[tried]["status"], li.outcomes[tried]["reason"]) == ("held", "not_permitted")
    document = wang.call("GET", f"/api/v1/work-orders/{order}").json()
    assert (document["version"], document["body"]["notes"]) == (1, [])


def test_a_line_out_of_the_chain_is_held_and_does_not_stop_the_next(
    wang: Client, zhang: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    bad = zhang.write("note.add", order, {"note": uuid7(), "text": "伪造"})
    forged = json.loads(zhang.ledger.lines[-1]) | {"prev": "f" * 64}
    zhang.ledger.lines[-1] = json.dumps(forged, ensure_ascii=False, separators=(",", ":"))
    good = zhang.write("note.add", order, {"note": uuid7(), "text": "真的"})
    zhang.sync()
    assert (zhang.outcomes[bad]["status"], zhang.outcomes[bad]["reason"]) == ("held", "broken_chain")
    assert zhang.outcomes[good]["status"] == "applied"


def test_a_signature_of_another_key_holds_the_batch(wang: Client, zhang: Client, people: People) -> None:
    order = open_order(wang, [people.zhang.id])
    zhang.sync()
    operation = zhang.write("note.add", order, {"note": uuid7(), "text": "x"})
    body = zhang.batch()
    body["signature"] = Ledger().sign(body["lines"][-1])
    answer = zhang.call("POST", "/api/v1/sync", json=body).json()
    (outcome,) = (o for o in answer["outcomes"] if o["id"] == operation)
    assert (outcome["status"], outcome["reason"]) == ("held", "bad_signature")


def test_a_device_cannot_send_for_another(zhang: Client, li: Client) -> None:
    zhang.ledger.device = li.ledger.device
    with pytest.raises(Refused) as refused:
        zhang.exchange()
    assert (refused.value.status, refused.value.code) == (403, "wrong_device")


def test_a_cursor_of_another_epoch_begins_anew(zhang: Client) -> None:
    zhang.sync()
    zhang.cursors["company"] += 100
    zhang.cursors["nowhere"] = 7
    body = zhang.batch()
    answer: dict[str, Any] = zhang.call("POST", "/api/v1/sync", json=body).json()
    assert set(answer["reset"]) == {"company", "nowhere"}
    assert {change["type"] for change in answer["changes"]} >= {"person"}
    body["epoch"] = uuid7()
    assert f"person:{zhang.person['id']}" not in answer["reset"]


def test_what_is_held_is_listed_for_those_who_decide(
    wang: Client, li: Client, zhang: Client, sign_in: SignIn, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    tried = [li.write("note.add", order, {"note": uuid7(), "text": f"{n}"}) for n in range(3)]
    li.sync()
    first = wang.call("GET", "/api/v1/held?limit=2").json()
    rest = wang.call("GET", "/api/v1/held", params={"cursor": first["next"]}).json()
    items = first["items"] + rest["items"]
    assert [item["operation"] for item in items] == tried and rest["next"] is None
    fields = {"operation", "device", "seq", "person", "line", "reason", "detail", "received_at"}
    assert all(set(item) == fields for item in items)
    assert items[0]["line"] == li.ledger.lines[items[0]["seq"] - 1]
    assert items[0]["person"]["id"] == people.li.id and items[0]["reason"] == "not_permitted"
    for client in (zhang, sign_in(people.chen)):
        with pytest.raises(Refused) as refused:
            client.call("GET", "/api/v1/held")
        assert refused.value.status == 404


def test_what_was_decided_waits_no_more_and_its_history_says_what_became_of_it(
    wang: Client, li: Client, people: People
) -> None:
    order = open_order(wang, [people.zhang.id])
    applied, dismissed = (li.write("note.add", order, {"note": uuid7(), "text": f"{n}"}) for n in range(2))
    li.sync()
    wang.write("held.decide", order, {"operation": applied, "decision": "apply"})
    wang.write("held.decide", order, {"operation": dismissed, "decision": "dismiss", "comment": "twice"})
    wang.sync()
    assert wang.call("GET", "/api/v1/held").json()["items"] == []
    history = wang.call("GET", f"/api/v1/work-orders/{order}/history").json()["items"]
    told = {entry["operation"]: entry for entry in history}
    assert [told[one]["status"] for one in (applied, dismissed)] == ["held", "held"], "the first answer stays"
    assert [told[one]["state"] for one in (applied, dismissed)] == ["applied", "dismissed"]
    assert told[dismissed]["decided"]["by"] == people.wang.id and told[dismissed]["decided"]["comment"] == "twice"
    assert history[0]["state"] is None and history[0]["decided"] is None


@pytest.mark.parametrize("encoding", ["zstd", "br", "gzip"])
def test_answers_are_compressed_as_the_client_takes_it(zhang: Client, encoding: str) -> None:
    headers = {"Accept-Encoding": encoding}
    response = zhang.http.post(
        zhang.server + "/api/v1/sync",
        json=zhang.batch(),
        headers={**headers, "Authorization": f"Bearer {zhang.token}"},
        stream=True,
    )
    assert response.headers["Content-Encoding"] == encoding
