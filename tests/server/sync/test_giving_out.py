"""Changes out: who sees what, in which order, and what happens to cursors that do not fit."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

from apiflask import APIFlask
from sqlalchemy import event, select, update

from server.database import db, reading, writing
from server.models import FeedEntry, Person
from server.services import utc_now
from server.sync.store.feeds import LEAST_BETWEEN, changes_since, put_document
from tests.conftest import People
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, restore
from tests.server.sync.phone import Phone, new_id


def plan(**changes: tuple[Any, Any]) -> dict[str, Any]:
    return {"changes": {name: {"was": was, "now": now} for name, (was, now) in changes.items()}}


def test_an_order_goes_to_its_technician_and_to_nobody_else(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    li.sync()
    assert zhang.order(order)["fault"] == "水泵漏水"
    assert ("work_order", order) not in li.documents


def test_a_reassigned_order_leaves_one_phone_and_comes_to_the_other(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    office.write("order.plan", order, plan(assignees=([zhang.person_id], [li.person_id])))
    [left] = [change for change in zhang.send(zhang.request())["changes"] if change.get("gone")]
    assert (left["reason"], left["to"]) == ("reassigned", [li.person_id])
    li.sync()
    assert zhang.gone == {order: "reassigned"}
    assert li.order(order)["lead"] == li.person_id
    zhang.write("order.stage", order, {"to": "finished"})
    assert [o["status"] for o in zhang.sync()] == ["applied"]
    li.sync()
    assert li.order(order)["stage"] == "finished"
    assert [f["code"] for f in li.order(order)["flags"]] == ["done_by_former_assignee"]


def test_an_order_cancelled_before_anybody_set_off_leaves_the_phone(zhang: Phone, office: Office) -> None:
    quiet, under_way = office.open(zhang.person_id), office.open(zhang.person_id)
    zhang.write("order.stage", under_way, {"to": "en_route"})
    zhang.sync()
    for order in (quiet, under_way):
        office.write("order.plan", order, plan(disposition=("active", "cancelled")))
    zhang.sync()
    assert zhang.gone == {quiet: "cancelled"}
    assert zhang.order(under_way)["disposition"] == "cancelled"


def test_an_order_opened_on_the_spot_is_the_openers_until_the_office_plans_it(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = new_id()
    zhang.write("order.open", order, {
        "kind": "repair", "fault": "配电箱发热", "assignees": [li.person_id], "priority": "urgent",
    })  # fmt: skip
    zhang.write("order.stage", order, {"to": "working"})
    assert [o["status"] for o in zhang.sync()] == ["applied", "applied"]
    body = zhang.order(order)
    assert (body["assignees"], body["priority"]) == ([], "normal")
    assert body["wishes"] == {"assignees": [li.person_id], "priority": "urgent"}
    assert [f["code"] for f in body["flags"]] == ["opened_in_field"]
    office.write("order.plan", order, plan(assignees=([], [li.person_id])))
    zhang.sync()
    assert zhang.gone == {order: "reassigned"}


def test_a_document_has_one_entry_at_the_end_of_its_feed(zhang: Phone, office: Office) -> None:
    first, second = office.open(zhang.person_id), office.open(zhang.person_id)
    office.write("note.add", first, {"note": new_id(), "text": "a"})
    with reading() as connection:
        entries = connection.execute(
            select(FeedEntry.document_id).where(FeedEntry.type == "work_order").order_by(FeedEntry.seq)
        ).scalars()
        assert list(entries) == [second, first]


def test_changes_come_in_portions_and_nothing_is_missed(zhang: Phone, office: Office) -> None:
    orders = {office.open(zhang.person_id) for _ in range(7)}
    seen: set[str] = set()
    more, rounds = True, 0
    while more:
        with reading() as connection:
            part = changes_since(connection, [f"person:{zhang.person_id}"], zhang.cursors, True, 3)
        zhang.cursors |= part.cursors
        seen |= {order for order in orders if any(order in text for text in part.texts)}
        more, rounds = part.more, rounds + 1
    assert seen == orders
    assert rounds == 3


def test_an_answer_that_reaches_the_end_of_a_feed_says_how_many_documents_are_in_it(
    zhang: Phone, li: Phone, office: Office
) -> None:
    own, company = f"person:{zhang.person_id}", "company"
    orders = [office.open(zhang.person_id) for _ in range(7)]
    with reading() as connection:
        part = changes_since(connection, [own], {}, True, 3)
    assert (part.more, part.holds) == (True, {})
    holds = zhang.send(zhang.request())["holds"]
    held = len([kind for kind, _ in zhang.documents if kind == "work_order"])
    assert (holds[own], held) == (7, 7)
    assert holds[company] == len(zhang.documents) - held
    # Where nothing is new the number is what it was, and is not counted.
    assert "holds" not in zhang.send(zhang.request())
    office.write("order.plan", orders[0], plan(assignees=([zhang.person_id], [li.person_id])))
    assert zhang.send(zhang.request())["holds"] == {own: 6}
    assert li.send(li.request())["holds"][f"person:{li.person_id}"] == 1


def test_a_cursor_that_does_not_fit_starts_the_feed_again(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    own = f"person:{zhang.person_id}"
    zhang.cursors = {own: 999, "person:somebody-else": 3}
    answer = zhang.send(zhang.request())
    assert sorted(answer["reset"]) == sorted([own, "person:somebody-else"])
    assert zhang.order(order)
    zhang.epoch = "another"
    answer = zhang.send(zhang.request())
    assert own in answer["reset"]
    assert order in {change["id"] for change in answer["changes"]}


def test_a_cursor_of_before_a_restore_begins_anew_whether_or_not_its_client_says_an_epoch(
    zhang: Phone, office: Office, tmp_path: Path
) -> None:
    first = office.open(zhang.person_id)
    file = Backups(tmp_path).take()
    lost = office.open(zhang.person_id)
    zhang.sync()
    before, own = dict(zhang.cursors), f"person:{zhang.person_id}"
    # Where nothing was restored yet, numbers are of this history.
    assert told_without_an_epoch(zhang) == ([], [])
    restore(file)
    later = [office.open(zhang.person_id) for _ in range(3)]
    assert lost not in later
    changes, reset = told_without_an_epoch(zhang)
    assert own in reset and {first, *later} <= set(changes), (changes, reset)
    assert min(zhang.cursors.values()) > max(before.values()) + LEAST_BETWEEN
    assert told_without_an_epoch(zhang) == ([], [])
    fourth = office.open(zhang.person_id)
    assert told_without_an_epoch(zhang) == ([fourth], [])


def test_who_says_no_epoch_gets_a_long_feed_in_portions_after_a_restore(
    zhang: Phone, office: Office, tmp_path: Path
) -> None:
    orders = {office.open(zhang.person_id) for _ in range(5)}
    restore(Backups(tmp_path).take())
    zhang.cursors = {}
    seen: list[str] = []
    for _ in range(5):
        changes, reset = told_without_an_epoch(zhang, 2)
        assert reset == []
        seen += changes
    assert orders <= set(seen) and len(seen) == len(set(seen))


def test_numbers_of_two_restores_of_one_backup_are_told_apart(zhang: Phone, office: Office, tmp_path: Path) -> None:
    office.open(zhang.person_id)
    file = Backups(tmp_path).take()
    restore(file)
    office.open(zhang.person_id)
    told_without_an_epoch(zhang)
    restore(file)
    for _ in range(3):
        office.open(zhang.person_id)
    assert f"person:{zhang.person_id}" in told_without_an_epoch(zhang)[1]


def test_a_feed_that_begins_after_a_restore_counts_from_this_history(
    people: People, zhang: Phone, office: Office, tmp_path: Path
) -> None:
    restore(Backups(tmp_path).take())
    li = Phone(people.li.id).register()
    order = office.open(li.person_id)
    assert order in told_without_an_epoch(li)[0]
    assert told_without_an_epoch(li) == ([], [])


def told_without_an_epoch(phone: Phone, limit: int = 500) -> tuple[list[str], list[str]]:
    """What a client that says no epoch is told: the documents that changed, and which feeds begin anew."""
    answer = phone.send(replace(phone.request(), epoch=None, limit=limit))
    phone.cursors = answer["cursors"]
    return [change["id"] for change in answer["changes"]], answer.get("reset", [])


def test_an_exchange_with_nothing_new_touches_no_work_order(zhang: Phone, office: Office) -> None:
    office.open(zhang.person_id)
    zhang.sync()
    statements: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        zhang.send(zhang.request())
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
    touched = re.compile(r"\b(FROM|JOIN|UPDATE|INTO)\s+(document|work_order)|^(UPDATE|INSERT)")
    assert [statement for statement in statements if touched.search(statement)] == [] != statements


def test_a_reader_misses_nothing_while_eight_write(app: APIFlask, zhang: Phone) -> None:
    """Numbers are handed out in commit order: whoever read up to n never finds anything new at or below n."""
    done = threading.Event()
    failures: list[BaseException] = []

    def write(worker: int) -> None:
        try:
            with app.app_context():
                for turn in range(15):
                    with writing() as connection:
                        put_document(connection, "part", new_id(), {"number": f"{worker}-{turn}"}, utc_now())
        except BaseException as error:
            failures.append(error)

    seen: list[int] = []

    def read() -> None:
        with app.app_context():
            cursor, last_round = 0, False
            while True:
                last_round = done.is_set()
                with reading() as connection:
                    rows = connection.execute(
                        select(FeedEntry.seq).where(FeedEntry.feed == "company", FeedEntry.seq > cursor)
                    ).scalars()
                    found = sorted(rows)
                seen.extend(found)
                cursor = max([cursor, *found])
                if last_round:
                    return

    writers = [threading.Thread(target=write, args=(n,)) for n in range(8)]
    reader = threading.Thread(target=read)
    reader.start()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    done.set()
    reader.join()
    assert not failures
    assert seen == list(range(1, 8 * 15 + 5 + 1))  # and the five people of the company


def test_an_order_that_the_opener_found_cancelled_says_so(zhang: Phone, office: Office) -> None:
    order = new_id()
    zhang.write("order.open", order, {"kind": "repair", "fault": "配电箱发热"})
    zhang.sync()
    office.write("order.plan", order, plan(disposition=("active", "cancelled")))
    zhang.sync()
    assert zhang.gone == {order: "cancelled"}


def test_an_assignee_who_has_left_does_not_keep_others_from_the_order(zhang: Phone, li: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    with writing() as connection:
        connection.execute(update(Person).where(Person.id == zhang.person_id).values(active=False))
    both = [zhang.person_id, li.person_id]
    assert office.write("order.plan", order, plan(assignees=([zhang.person_id], both))).status == "applied"
    li.sync()
    assert li.order(order)["assignees"] == both
