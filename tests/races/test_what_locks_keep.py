"""Each lock that no other test here misses: what it keeps from happening (found_by.py says which place each is for)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from sqlalchemy import Connection, select, update

from server import clock_witness
from server.database import _one_at_a_time, db, reading, write
from server.evidence.likeness import BITS, Look
from server.models import Device, Document, PhotoAlike, PhotoContent, WorkOrder
from server.photos import Room
from server.photos.alike import note_looks
from server.photos.arrival import Kept, record_content, record_delivery, record_preview
from server.photos.dropping import DROPPED, _remove
from server.problems import Problem
from server.services import services, utc_now
from server.steady_clock import Known, Reading, boot_id, running_s
from server.sync.ledgers.line import hash_of
from server.sync.ledgers.office_keys import KeyVault, renew_all
from server.sync.operations.accounts import put_password
from server.sync.operations.authorship import give_way
from server.sync.store.archiving import KEPT_FOR, archive
from server.sync.store.feeds import put_document
from server.web.wrong_passwords import take_untold
from tests.conftest import PASSWORD, People
from tests.databases import PATIENCE_S
from tests.races.gates import decided_by, hand_in, not_yet_committed, note, opening, somebody_waits, written_by
from tests.races.test_two_writers import CONTENT, SHA256, delivered_by, notes_of, photo
from tests.races.visitors import HERE, bearer, phone_of, signed_in
from tests.server.conftest import Beside
from tests.server.export_files.conftest import (
    Import,
    take_in,  # noqa: F401  # a fixture
)
from tests.server.export_files.files import parts_of
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

pytestmark = pytest.mark.usefixtures("on_postgresql")
Work = Callable[[Connection], Any]  # Any: whatever the work returns


def at_once(beside: Beside, one: Work, other: Work) -> Any:  # Any: what `other` returns
    """`other` comes while what `one` did is not committed; what it returns."""
    with not_yet_committed(one):
        later = beside(lambda: write(other))
    return later.result(PATIENCE_S)


def test_what_a_phone_brings_as_it_is_revoked_is_refused(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    zhang.write("note.add", office.open(zhang.person_id), note())
    revokes = written_by(people.wang.id, "device.revoke", zhang.id, {"reason": "lost"})
    with pytest.raises(Problem, match="device_revoked"):
        at_once(beside, revokes, hand_in(zhang))


def test_of_two_who_revoke_one_phone_the_later_is_told_so(people: People, zhang: Phone, beside: Beside) -> None:
    one, other = (
        written_by(each.id, "device.revoke", zhang.id, {"reason": "lost"}) for each in (people.wang, people.admin)
    )
    assert at_once(beside, one, other).detail == {"already": True}


def test_one_person_writes_from_two_browsers(people: People, zhang: Phone, office: Office, beside: Beside) -> None:
    order = office.open(zhang.person_id)
    one, other = (written_by(people.wang.id, "note.add", order, note()) for _ in range(2))
    assert at_once(beside, one, other).status == "applied" and notes_of(order, zhang) == 2


def test_a_batch_that_comes_twice_at_once_is_taken_in_once(zhang: Phone, office: Office, beside: Beside) -> None:
    order = office.open(zhang.person_id)
    zhang.write("note.add", order, note())
    (outcome,) = at_once(beside, hand_in(zhang), hand_in(zhang)).outcomes
    assert outcome.repeated and notes_of(order, zhang) == 1


def test_an_order_that_changes_as_it_is_archived_stays(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    zhang.write("order.stage", order, {"to": "finished"})
    zhang.sync()
    write(lambda connection: connection.execute(update(WorkOrder).values(changed_at=utc_now() - 2 * KEPT_FOR)))
    changes = written_by(people.wang.id, "note.add", order, note())
    assert at_once(beside, changes, lambda connection: archive(connection, utc_now())) == 0


def test_two_versions_of_one_document_are_two(beside: Beside) -> None:
    identity = new_id()

    def called(name: str) -> Work:
        return lambda connection: put_document(connection, "customer", identity, {"name": name}, utc_now())

    write(called("one"))
    at_once(beside, called("another"), called("a third"))
    with reading() as connection:
        assert connection.execute(select(Document.version).where(Document.id == identity)).scalar_one() == 3


def test_what_an_administrator_says_of_the_clock_is_not_doubted_at_that_moment(beside: Beside) -> None:
    now, year = utc_now(), timedelta(days=365)
    at = Reading(now + year, running_s(), boot_id())
    doubt, believed = Known(now, at), Known(now + year, at)
    write(lambda connection: clock_witness.keep(connection, doubt))
    at_once(
        beside,
        lambda connection: clock_witness.keep(connection, believed),
        lambda connection: clock_witness.keep(connection, doubt),
    )
    assert clock_witness.load(now) == believed
    write(lambda connection: clock_witness.keep(connection, Known(now, Reading(now, running_s(), boot_id()))))


def test_a_content_that_comes_again_as_it_is_dropped_is_kept(people: People, beside: Beside) -> None:
    photos = services().photos
    write(delivered_by(people.zhang.id))
    write(lambda connection: connection.execute(update(PhotoContent).values(state=DROPPED)))
    at_once(beside, delivered_by(people.zhang.id), lambda connection: _remove(connection, photos, [SHA256]))
    assert list(photos.each(Room.REFUSED)) == [SHA256]


def test_a_content_that_arrives_while_its_order_changes_takes_nothing_back(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    zhang.write("photo.add", order, photo())
    zhang.sync()
    at_once(beside, written_by(people.wang.id, "note.add", order, note()), delivered_by(zhang.person_id))
    assert notes_of(order, zhang) == 1 and zhang.order(order)["photos"][0]["state"] == "rejected"


def test_a_held_record_that_is_let_in_while_its_content_arrives_says_so(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    waits = zhang.write("photo.add", order, photo(), prev="f" * 64)
    zhang.sync()
    at_once(beside, delivered_by(zhang.person_id), decided_by(people.wang.id, waits, "apply"))
    zhang.sync()
    assert zhang.order(order)["photos"][0]["state"] == "rejected"


def test_a_record_that_comes_while_its_preview_arrives_says_so(zhang: Phone, office: Office, beside: Beside) -> None:
    order = office.open(zhang.person_id)
    zhang.write("photo.add", order, photo())
    preview = hashlib.sha256(b"small").hexdigest()
    services().photos.put(Room.PREVIEW, preview, b"small")

    def arrives(connection: Connection) -> None:
        record_preview(connection, SHA256, preview, zhang.person_id, utc_now(), services().company)

    at_once(beside, arrives, hand_in(zhang))
    zhang.sync()
    assert zhang.order(order)["photos"][0]["state"] == "preview"


def refused(content: bytes, person_id: str) -> str:
    """A content that is here and is no photo; its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    services().photos.put(Room.REFUSED, sha256, content)
    kept = Kept(sha256, len(content), "image/jpeg", None, "broken")
    write(lambda connection: record_content(connection, kept, person_id, utc_now(), services().company))
    return sha256


def test_of_two_photos_that_look_alike_and_come_at_once_each_knows_of_the_other(people: People, beside: Beside) -> None:
    look = [Look("0123456789abcdef" * (BITS // 64), bytes(range(0, 256, 256 * 4 // BITS)))]
    names = [refused(content, people.zhang.id) for content in (b"one", b"other")]
    one, other = (lambda connection, name=name: note_looks(connection, name, look) for name in names)
    at_once(beside, one, other)
    with reading() as connection:
        assert sorted(connection.execute(select(PhotoAlike.sha256)).scalars()) == sorted(names)


def test_what_is_claimed_while_its_order_appears_is_on_it(
    people: People,
    zhang: Phone,
    take_in: Import,  # noqa: F811
    beside: Beside,
) -> None:
    order, lost = new_id(), Phone(people.zhang.id)
    lost.write("note.add", order, note())
    take_in(parts_of(lost))
    zhang.write("ledger.claim", lost.id, {"head": hash_of(lost.lines[-1])})
    opened = written_by(people.wang.id, "order.open", order, opening(assignees=[zhang.person_id]))
    assert at_once(beside, hand_in(zhang), opened).status == "applied"
    assert notes_of(order, zhang) == 1


def test_an_order_that_changes_as_a_ledger_in_it_gives_way_keeps_the_change(
    people: People,
    zhang: Phone,
    office: Office,
    take_in: Import,  # noqa: F811
    beside: Beside,
) -> None:
    order, lost = office.open(zhang.person_id), Phone(people.zhang.id)
    changes = {"diagnosis": {"was": "", "now": "worn"}}
    edits = lost.write("order.edit", order, {"changes": changes})
    take_in(parts_of(lost))
    write(decided_by(people.wang.id, edits, "apply"))

    def gives_way(connection: Connection) -> None:
        give_way(connection, lost.id, utc_now(), services().company)

    at_once(beside, written_by(people.chen.id, "note.add", order, note()), gives_way)
    assert notes_of(order, zhang) == 1


def test_two_who_bring_a_database_up_to_date_do_so_one_after_the_other(beside: Beside) -> None:
    def brings() -> bool:
        with _one_at_a_time(db.engine):
            return True

    with _one_at_a_time(db.engine):
        later = beside(brings)
        somebody_waits()
        assert not later.done()
    assert later.result(PATIENCE_S)


def test_a_record_that_comes_while_its_known_content_is_delivered_says_so(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    write(delivered_by(people.li.id))
    zhang.write("photo.add", order, photo())

    def delivers(connection: Connection) -> None:
        record_delivery(connection, SHA256, zhang.person_id, utc_now(), services().company)

    at_once(beside, delivers, hand_in(zhang))
    zhang.sync()
    assert zhang.order(order)["photos"][0]["state"] == "rejected"


def test_a_record_that_comes_while_its_content_is_seen_otherwise_says_so(
    people: People, zhang: Phone, office: Office, beside: Beside
) -> None:
    order = office.open(zhang.person_id)
    write(delivered_by(zhang.person_id))
    zhang.write("photo.add", order, photo())
    seen_now = Kept(SHA256, len(CONTENT), "image/jpeg", None, "too_slow")

    def seen(connection: Connection) -> None:
        record_content(connection, seen_now, people.li.id, utc_now(), services().company)

    at_once(beside, hand_in(zhang), seen)
    zhang.sync()
    assert zhang.order(order)["photos"][0]["rejected_because"] == "too_slow"


def test_what_names_no_order_is_decided_upon_once(people: People, zhang: Phone, beside: Beside) -> None:
    waits = zhang.write("note.add", None, note())
    zhang.sync()
    one, other = (decided_by(each.id, waits, "dismiss") for each in (people.wang, people.admin))
    assert at_once(beside, one, other).detail == {"already": "dismissed"}


def test_of_two_orders_that_appear_at_once_and_free_one_id_one_has_it(
    people: People, zhang: Phone, li: Phone, beside: Beside
) -> None:
    orders = [new_id(), new_id()]
    operation = zhang.write("note.add", orders[0], note())
    zhang.sync()
    li.write("note.add", orders[1], note(), id=operation, prev="f" * 64)
    li.sync()
    one, other = (
        written_by(by.id, "order.open", order, opening(assignees=[to]))
        for by, order, to in zip((people.wang, people.chen), orders, (zhang.person_id, li.person_id), strict=True)
    )
    at_once(beside, one, other)
    write(decided_by(people.wang.id, operation, "apply"))
    assert notes_of(orders[0], zhang) + notes_of(orders[1], li) == 1


def test_who_changes_a_password_as_an_administrator_sets_another_is_told_to_sign_in(
    app: APIFlask, people: People, beside: Beside
) -> None:
    token = signed_in(app.test_client(use_cookies=False), people.zhang)
    body = {"old": PASSWORD, "new": "another long password 7"}

    def changes() -> int:
        return app.test_client().post("/api/v1/session/password", json=body, headers=bearer(token)).status_code

    with not_yet_committed(lambda connection: put_password(connection, people.zhang.id, "-")):
        later = beside(changes)
    assert later.result(PATIENCE_S) == 401


def test_of_two_sign_ins_one_is_told_of_the_wrong_passwords(
    people: People, client: FlaskClient, beside: Beside
) -> None:
    client.post("/api/v1/session", json=phone_of(people.zhang, "wrong"), environ_overrides=HERE)

    def told(connection: Connection) -> int:
        return take_untold(connection, people.zhang.id, utc_now())

    assert at_once(beside, told, told) == 0


def test_of_two_starts_under_another_key_the_later_finds_it_sealed(office: Office, beside: Beside) -> None:
    office.open()
    vault, sealed = KeyVault("another secret key of forty characters..", services().settings.secret_key), []

    def renews(connection: Connection) -> None:
        renew_all(connection, vault)
        sealed.append(connection.execute(select(Device.sealed_key).where(Device.kind == "office")).scalar_one())

    at_once(beside, renews, renews)
    assert len(set(sealed)) == 1
