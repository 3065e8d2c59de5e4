"""The server asks for photos that its records name and whose content it lacks: the phones of who recorded them."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask_migrate import downgrade
from sqlalchemy import Connection, delete, event, insert, select, text, update

from server.database import migrate_to_newest, reading, writing
from server.keeping.check_content import awaited_content
from server.models import Person, PhotoContent, PhotoDelivery, PhotoLink, WorkOrder
from server.photos.arrival import Kept, keep, record_content, record_preview
from server.services import services, utc_now
from server.sync.store.wanted import MOST_ASKED, OVERDUE_AFTER, wanted_of
from tests.databases import PATIENCE_S
from tests.races.gates import not_yet_committed, written_by
from tests.server.conftest import Beside
from tests.server.sync.conftest import Office
from tests.server.sync.lost_history import Backups, findings, restore
from tests.server.sync.phone import Phone, new_id

PHOTOS = Path(__file__).parents[2] / "data" / "photos"
Json = dict[str, Any]


def photo(content: bytes | str) -> Json:
    """The data of photo.add for a content."""
    sha256 = hashlib.sha256(content if isinstance(content, bytes) else content.encode()).hexdigest()
    return {
        "photo": new_id(), "sha256": sha256, "size": len(content), "media_type": "image/jpeg", "purpose": "after",
        "taken_at": "2026-11-24T09:00:00+08:00",
    }  # fmt: skip


def real() -> tuple[Kept, Json]:
    """A photo that the store has, and the data of its record."""
    file = PHOTOS / "jolla.jpg"
    data = photo(file.read_bytes())
    return keep(services().photos, file, data["sha256"], "image/jpeg"), data


def arrive(kept: Kept, person_id: str) -> None:
    """The content comes in from this person."""
    with writing() as connection:
        record_content(connection, kept, person_id, utc_now(), services().company)


def wanted(phone: Phone) -> list[str]:
    """What the server asks of a phone in its next exchange."""
    asked: list[str] = phone.send(phone.request()).get("wanted", [])
    return asked


def add(phone: Phone, order: str, *names: str) -> list[str]:
    """Records of photos whose bytes stay on the phone; their hashes."""
    records = [photo(name) for name in names]
    for data in records:
        phone.write("photo.add", order, data)
    phone.sync()
    return [data["sha256"] for data in records]


def move_to(office: Office, order: str, was: str, now: str) -> None:
    """The office plans the order for somebody else."""
    office.write("order.plan", order, {"changes": {"assignees": {"was": [was], "now": [now]}}})


def test_only_who_recorded_a_photo_is_asked_for_it_and_until_it_is_here(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id, li.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    answer = zhang.send(zhang.request())
    assert answer["wanted"] == [data["sha256"]]
    assert "wanted_next" not in answer
    assert wanted(li) == [], "they see the order, and have not taken the photo"
    arrive(kept, li.person_id)
    assert wanted(zhang) == [data["sha256"]], "what only somebody else has delivered is not the record's"
    arrive(kept, zhang.person_id)
    assert "wanted" not in zhang.send(zhang.request())


def test_a_photo_that_is_only_a_preview_or_is_on_an_order_of_somebody_else_by_now_is_wanted(
    zhang: Phone, li: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id)
    (sha256,) = add(zhang, order, "a")
    with writing() as connection:
        record_preview(connection, sha256, "0" * 64, zhang.person_id, utc_now(), services().company)
    move_to(office, order, zhang.person_id, li.person_id)
    zhang.sync()
    assert order in zhang.gone
    assert wanted(zhang) == [sha256]
    li.sync()
    assert wanted(li) == []


def test_what_was_taken_back_or_is_said_to_be_lost_is_not_asked_for(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    first, second = add(zhang, order, "a", "b")
    photos = {one["sha256"]: one["id"] for one in zhang.order(order)["photos"]}
    zhang.write("photo.remove", order, {"photo": photos[first]})
    zhang.sync()
    assert wanted(zhang) == [second]
    said = {"photo": photos[second], "decision": "lost", "comment": "the phone fell into the shaft"}
    assert office.write("photo.settle", order, said).status == "applied"
    assert wanted(zhang) == []
    zhang.sync()
    lost = zhang.order(order)["photos"][1]["lost"]
    assert (lost["by"], lost["comment"]) == (office.person_id, "the phone fell into the shaft")
    assert office.write("photo.settle", order, said | {"photo": new_id()}).reason == "invalid_data"
    assert findings() == []


def test_a_photo_that_was_said_to_be_lost_is_taken_when_it_comes_all_the_same(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    office.write("photo.settle", order, {"photo": data["photo"], "decision": "lost"})
    arrive(kept, zhang.person_id)
    zhang.sync()
    assert zhang.order(order)["photos"][0]["state"] == "stored"
    assert findings() == []


def test_the_oldest_are_asked_for_first_a_page_at_a_time(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    hashes = add(zhang, order, *(f"{number}" for number in range(MOST_ASKED + 2)))
    with writing() as connection:
        for age, sha256 in enumerate(hashes):
            since = utc_now() - timedelta(minutes=age)
            connection.execute(update(PhotoLink).where(PhotoLink.sha256 == sha256).values(awaited_since=since))
    request = zhang.request()
    answer = zhang.send(request)
    assert answer["wanted"] == hashes[:1:-1]
    assert answer["wanted_next"] == MOST_ASKED
    request = zhang.request()
    rest = zhang.send(type(request)(**(vars(request) | {"wanted_from": answer["wanted_next"]})))
    assert rest["wanted"] == hashes[1::-1]
    assert "wanted_next" not in rest


def test_after_a_restore_the_photos_of_an_order_that_has_left_the_phone_are_asked_for(
    zhang: Phone, li: Phone, office: Office, tmp_path: Path
) -> None:
    order = office.open(zhang.person_id)
    zhang.sync()
    backup = Backups(tmp_path).take()
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    arrive(kept, zhang.person_id)
    move_to(office, order, zhang.person_id, li.person_id)
    zhang.sync()
    assert wanted(zhang) == []
    restore(backup)
    move_to(office, order, zhang.person_id, li.person_id)
    zhang.acknowledged = 0
    assert zhang.send(zhang.request())["wanted"] == [data["sha256"]]
    arrive(kept, zhang.person_id)
    assert wanted(zhang) == []
    li.sync()
    assert [one["state"] for one in li.order(order)["photos"]] == ["stored"]
    assert findings() == []


def test_a_copy_that_calls_a_photo_stored_is_asked_for_what_the_server_lacks(
    zhang: Phone, office: Office, tmp_path: Path
) -> None:
    backup = Backups(tmp_path).take()
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    arrive(kept, zhang.person_id)
    zhang.sync()
    copy = zhang.documents[("work_order", order)]
    assert copy["body"]["photos"][0]["state"] == "stored"
    restore(backup)
    zhang.write("order.recall", order, {name: copy[name] for name in ("version", "seal", "body")})
    zhang.acknowledged = 0
    assert zhang.send(zhang.request())["wanted"] == [data["sha256"]]
    assert findings() == []


@pytest.mark.parametrize("first", ["lost", "arrives"])
def test_a_photo_that_arrives_as_it_is_said_to_be_lost_is_here_and_not_asked_for(
    first: str, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    is_lost = written_by(office.person_id, "photo.settle", order, {"photo": data["photo"], "decision": "lost"})

    def arrives(connection: Connection) -> None:
        record_content(connection, kept, zhang.person_id, utc_now(), services().company)

    def also(work: Any) -> None:  # Any: either of the two
        with writing() as connection:
            work(connection)

    one, other = (is_lost, arrives) if first == "lost" else (arrives, is_lost)
    with not_yet_committed(one):
        later = beside(lambda: also(other))
    later.result(PATIENCE_S)
    zhang.sync()
    record = zhang.order(order)["photos"][0]
    assert (record["state"], record["lost"]["by"]) == ("stored", office.person_id)
    assert wanted(zhang) == []
    assert findings() == []


DAMAGES = {
    "content-not-asked": update(PhotoLink).values(awaited_since=utc_now()),
    "content-not-here": delete(PhotoContent),
}


@pytest.mark.parametrize("code", DAMAGES)
def test_the_check_finds_a_record_that_says_otherwise_than_what_is_here(
    code: str, zhang: Phone, office: Office
) -> None:
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    arrive(kept, zhang.person_id)
    assert findings() == []
    with writing() as connection:
        connection.execute(DAMAGES[code])
    assert [finding.split()[0] for finding in findings()] == [code]


def test_the_check_finds_a_record_without_content_that_its_author_has_delivered(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    zhang.sync()
    with writing() as connection:
        known = {"sha256": kept.sha256, "size": kept.size, "media_type": "image/jpeg", "state": "stored"}
        connection.execute(insert(PhotoContent).values(**known, facts="{}", stored_at=utc_now()))
        delivered = {"sha256": kept.sha256, "person_id": zhang.person_id, "delivered_at": utc_now()}
        connection.execute(insert(PhotoDelivery).values(**delivered))
    assert [finding.split()[0] for finding in findings()] == ["content-unsaid"]


def test_the_check_tells_which_records_have_waited_long_and_calls_it_no_damage(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    (sha256,) = add(zhang, order, "a")
    with reading() as connection:
        assert list(awaited_content(connection, utc_now())) == []
        (found,) = awaited_content(connection, utc_now() + OVERDUE_AFTER + timedelta(minutes=1))
        number = connection.execute(select(WorkOrder.number)).scalar_one()
        name = connection.execute(select(Person.name).where(Person.id == zhang.person_id)).scalar_one()
    told = (found.figures["photo"], found.figures["order"], found.figures["name"])
    assert told == (sha256, number, name)
    assert findings() == []


def test_photos_from_before_this_was_noted_are_asked_for_too(zhang: Phone, office: Office) -> None:
    order = office.open(zhang.person_id)
    kept, data = real()
    zhang.write("photo.add", order, data)
    hashes = add(zhang, order, "a", "b")
    arrive(kept, zhang.person_id)
    zhang.sync()
    taken_back = next(one["id"] for one in zhang.order(order)["photos"] if one["sha256"] == hashes[0])
    zhang.write("photo.remove", order, {"photo": taken_back})
    zhang.sync()
    downgrade(revision="0012")
    migrate_to_newest()
    assert wanted(zhang) == [hashes[1]]
    assert findings() == []


def test_asking_reads_only_what_waits(zhang: Phone, office: Office) -> None:
    """Among twenty thousand photos that are here, the statement goes by the index of those that are not."""
    order = office.open(zhang.person_id)
    add(zhang, order, "a")
    rows = [
        {
            "document_type": "work_order",
            "document_id": order,
            "photo_id": new_id(),
            "sha256": f"{number:064}",
            "person_id": zhang.person_id,
        }
        for number in range(20_000)
    ]
    with writing() as connection:
        connection.execute(insert(PhotoLink), rows)
    with writing() as connection:
        connection.execute(text("ANALYZE photo_link"))
    asked: list[Any] = []
    with reading() as connection:
        event.listen(connection, "before_cursor_execute", lambda *told: asked.append(told[2:4]))
        assert len(wanted_of(connection, zhang.person_id, 0)[0]) == 1
        [(statement, parameters)] = asked
        explain = "EXPLAIN QUERY PLAN" if connection.dialect.name == "sqlite" else "EXPLAIN"
        plan = " ".join(str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters))
    assert "ix_photo_link_awaited" in plan, plan
