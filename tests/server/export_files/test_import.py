"""Export files: the same outcomes as an exchange, any number of times, and nothing from a file that is not right."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from server.database import reading, writing
from server.export_files import reading as export_reading
from server.export_files.taking import Imported, import_file
from server.export_files.wiring import this_server
from server.keeping.check import check_documents, check_held, check_ledgers
from server.models import Device, Document, HeldLine, JournalLine, Person, PhotoContent
from server.photos.arrival import hash_of
from server.problems import Problem
from server.services import utc_now
from tests.conftest import People
from tests.server.export_files.conftest import Import
from tests.server.export_files.files import Parts, parts_of, zipped
from tests.server.sync.conftest import Office
from tests.server.sync.phone import Phone, new_id

PHOTO = Path(__file__).resolve().parents[2] / "data" / "photos" / "DSCN0010.jpg"


def note(phone: Phone, order: str, text: str = "x") -> str:
    """The phone writes a note; the operation's id."""
    return phone.write("note.add", order, {"note": new_id(), "text": text})


def statuses(imported: Imported) -> list[tuple[str, str | None, bool]]:
    return [(one.outcome.status, one.outcome.reason, one.outcome.repeated) for one in imported.operations]


def lines_taken_in() -> int:
    with reading() as connection:
        wanted = select(func.count()).select_from(JournalLine).join(Device).where(Device.kind == "phone")
        return connection.execute(wanted).scalar_one()


@pytest.fixture
def order(office: Office, people: People) -> str:
    """An order for Zhang."""
    return office.open(people.zhang.id)


def test_a_file_is_taken_in_as_if_it_had_been_sent_and_again_with_the_same_outcomes(
    zhang: Phone, li: Phone, order: str, take_in: Import
) -> None:
    zhang.sync()
    note(zhang, order, "eins")
    note(zhang, new_id(), "zwei")
    parts = parts_of(zhang)
    first = take_in(parts)
    assert statuses(first) == [("applied", None, False), ("held", "unknown_target", False)]
    assert [came.kind for came in first.operations] == ["note.add", "note.add"]
    again = take_in(parts)
    assert statuses(again) == [("applied", None, True), ("held", "unknown_target", True)]
    assert (first.result.fresh, again.result.fresh) == (3, 0)
    zhang.sync()
    assert [entry["text"] for entry in zhang.order(order)["notes"]] == ["eins"]
    assert zhang.acknowledged == 3 == lines_taken_in()


def test_a_file_is_no_contact_with_the_phone(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    take_in(parts_of(zhang))
    with reading() as connection:
        assert connection.execute(select(Device.last_seen_at).where(Device.id == zhang.id)).scalar_one() is None


def test_more_lines_than_a_batch_may_have_come_in_at_once(zhang: Phone, order: str, take_in: Import) -> None:
    for number in range(620):
        note(zhang, order, str(number))
    assert len(take_in(parts_of(zhang)).operations) == 620


def test_a_device_that_the_server_does_not_know_is_made_known(people: People, order: str, take_in: Import) -> None:
    phone = Phone(people.zhang.id)
    note(phone, order)
    imported = take_in(parts_of(phone))
    assert imported.result.is_new and imported.result.person_name == "张师傅"
    assert statuses(imported) == [("held", "unknown_device", False)]
    assert statuses(take_in(parts_of(phone))) == [("held", "unknown_device", True)]


def test_what_a_revoked_device_brings_is_held_and_can_be_let_in(
    zhang: Phone, office: Office, order: str, take_in: Import
) -> None:
    note(zhang, order, "vorher")
    zhang.sync()
    office.write("device.revoke", zhang.id, {"reason": "lost"})
    late = note(zhang, order, "nachher")
    imported = take_in(parts_of(zhang))
    assert imported.result.is_revoked
    assert statuses(imported) == [("applied", None, True), ("held", "device_revoked", False)]
    office.write("held.decide", order, {"operation": late, "decision": "apply"})
    with reading() as connection:
        assert connection.execute(select(HeldLine.state)).scalars().all() == ["applied"]


def test_what_a_revoked_phone_that_was_put_back_has_recorded_comes_in_held(
    zhang: Phone, office: Office, order: str, take_in: Import
) -> None:
    note(zhang, order, "vorher")
    copy = Phone(zhang.person_id, id=zhang.id, key=zhang.key, lines=list(zhang.lines))
    note(zhang, order, "danach")
    zhang.sync()
    office.write("device.revoke", zhang.id, {"reason": "lost"})
    late = [note(copy, order, "auf der Kopie"), note(copy, order, "noch etwas")]
    imported = take_in(parts_of(copy))
    assert statuses(imported) == [("held", "broken_chain", False)] * 2
    assert [came.outcome.id for came in imported.operations] == late
    assert [came.kind for came in imported.operations] == ["note.add"] * 2
    assert imported.result.is_revoked and imported.result.fresh == 2
    late.append(note(copy, order, "mehr"))
    again = take_in(parts_of(copy))
    assert statuses(again) == [("held", "broken_chain", True)] * 2 + [("held", "broken_chain", False)]
    for operation in late:
        office.write("held.decide", order, {"operation": operation, "decision": "apply"})
    with reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.id == order)).scalar_one())
        kept = connection.execute(select(JournalLine.bytes).where(JournalLine.operation_id.in_(late))).scalars().all()
        found = [*check_ledgers(connection), *check_documents(connection), *check_held(connection)]
    assert [entry["text"] for entry in body["notes"]] == ["vorher", "danach", "auf der Kopie", "noch etwas", "mehr"]
    assert kept == copy.lines[-3:]
    assert found == []


def test_a_revoked_phone_of_which_the_server_has_lost_lines_is_taken_in_held(
    zhang: Phone, office: Office, order: str, take_in: Import
) -> None:
    for _ in range(3):
        note(zhang, order)
    office.write("device.revoke", zhang.id, {"reason": "lost"})
    assert statuses(take_in(parts_of(zhang, first=3))) == [("held", "broken_chain", False)]


def test_lines_that_were_changed_in_the_file_are_held(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order, "wahr")
    note(zhang, order, "auch wahr")
    note(zhang, order, "noch etwas")
    parts = parts_of(zhang)
    forged = parts | {"ledger.ndjson": parts["ledger.ndjson"].replace(b'"wahr"', b'"luge"')}
    came = [("held", "bad_signature", False), ("held", "broken_chain", False), ("applied", None, False)]
    assert statuses(take_in(forged)) == came


def test_a_line_that_cannot_be_applied_holds_none_before_it(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    zhang.write("note.add", order, {"note": new_id(), "text": "x"}, seen=-1)
    note(zhang, order)
    came = [("applied", None, False), ("held", "unreadable", False), ("applied", None, False)]
    assert statuses(take_in(parts_of(zhang))) == came


def test_a_file_without_a_signature_that_fits_is_held(zhang: Phone, li: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    note(li, order)
    parts = parts_of(zhang) | {"signature": parts_of(li)["signature"]}
    assert statuses(take_in(parts)) == [("held", "bad_signature", False)]


def problem(take_in: Import, parts: Parts) -> Problem:
    """The problem that a file is refused with; nothing of it was taken in."""
    before = lines_taken_in()
    with pytest.raises(Problem) as refused:
        take_in(parts)
    assert lines_taken_in() == before
    return refused.value


def test_a_gap_is_told_in_words_and_takes_nothing_in(zhang: Phone, order: str, take_in: Import) -> None:
    for _ in range(3):
        note(zhang, order)
    refused = problem(take_in, parts_of(zhang, first=3))
    assert (refused.code, refused.figures) == ("export_gap", {"first": 3, "acknowledged": 0})


def test_a_fork_is_told_in_words_and_takes_nothing_in(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    zhang.sync()
    copy = Phone(zhang.person_id, id=zhang.id, key=zhang.key)
    note(copy, order, "anders")
    note(copy, order, "mehr")
    refused = problem(take_in, parts_of(copy))
    assert (refused.code, refused.figures) == ("export_fork", {"seq": 1})


def test_nobody_writes_for_somebody_whom_the_server_does_not_know(order: str, take_in: Import) -> None:
    phone = Phone(new_id())
    note(phone, order)
    refused = problem(take_in, parts_of(phone))
    assert (refused.code, refused.figures) == (
        "export_unknown_person",
        {"username": "zhang", "person": phone.person_id},
    )


def test_a_known_device_under_another_key_is_refused(zhang: Phone, order: str, take_in: Import) -> None:
    stranger = Phone(zhang.person_id, id=zhang.id)
    note(stranger, order)
    assert problem(take_in, parts_of(stranger)).code == "export_other_device"


def test_the_offices_own_ledgers_come_in_from_no_file(office: Office, order: str, take_in: Import) -> None:
    with reading() as connection:
        device = connection.execute(select(Device.id).where(Device.kind == "office")).scalar_one()
    phone = Phone(office.person_id, id=device)
    note(phone, order)
    assert problem(take_in, parts_of(phone)).code == "export_other_device"


@pytest.mark.parametrize("part", ["ledger.ndjson", "signature", "device.json"])
def test_a_file_without_one_of_its_parts_is_refused(zhang: Phone, order: str, take_in: Import, part: str) -> None:
    note(zhang, order)
    parts = parts_of(zhang)
    del parts[part]
    refused = problem(take_in, parts)
    assert (refused.code, refused.figures) == ("export_incomplete", {"part": part})


@pytest.mark.parametrize(
    "device",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b"[" * 5000,
        {"id": "../../etc/passwd"},
        {"first": 0},
        {"first": True},
        {"first": "1"},
        {"name": 7},
        {"name": "\0"},
        {"person": None},
        {"person": {"id": "x", "username": "y"}},
        {"public_key": {"kty": "EC"}},
        {"public_key": "key"},
    ],
)
def test_a_device_that_cannot_be_read_is_refused(
    zhang: Phone, order: str, take_in: Import, device: bytes | dict[str, Any]
) -> None:
    note(zhang, order)
    parts = parts_of(zhang)
    about = device if isinstance(device, bytes) else json.dumps(json.loads(parts["device.json"]) | device).encode()
    assert problem(take_in, parts | {"device.json": about}).code == "export_wrong"


def refused_file(content: bytes) -> str:
    with pytest.raises(Problem) as refused:
        import_file(io.BytesIO(content), this_server())
    return refused.value.code


def test_what_is_no_whole_zip_is_refused(zhang: Phone, order: str) -> None:
    note(zhang, order)
    whole = zipped(parts_of(zhang)).getvalue()
    for content in (b"", b"PK\x05\x06", b"hello" * 1000, whole[:-30], whole[:200]):
        assert refused_file(content) == "export_damaged"
    scrambled = whole[:60] + bytes(reversed(whole[60:160])) + whole[160:]
    assert refused_file(scrambled) in ("export_damaged", "export_wrong")
    assert lines_taken_in() == 0


def test_parts_of_the_same_name_are_refused(zhang: Phone, order: str) -> None:
    note(zhang, order)
    file = zipped(parts_of(zhang))
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("ledger.ndjson", b"")
    assert refused_file(file.getvalue()) == "export_damaged"


def test_a_bomb_is_not_unpacked(zhang: Phone, order: str, monkeypatch: pytest.MonkeyPatch) -> None:
    note(zhang, order)
    monkeypatch.setattr(export_reading, "MAX_LEDGER_BYTES", 1 << 20)
    bomb = zipped(parts_of(zhang) | {"ledger.ndjson": b"x" * (8 << 20)}, zipfile.ZIP_DEFLATED)
    assert len(bomb.getvalue()) < 1 << 20
    assert refused_file(bomb.getvalue()) == "export_too_large"
    monkeypatch.setattr(export_reading, "MAX_UNPACKED_BYTES", 1 << 20)
    photos = parts_of(zhang) | {f"photos/{n:064x}": b"0" * (1 << 19) for n in range(4)}
    assert refused_file(zipped(photos, zipfile.ZIP_DEFLATED).getvalue()) == "export_too_large"
    monkeypatch.setattr(export_reading, "MAX_DIRECTORY_BYTES", 300)
    assert refused_file(zipped(photos).getvalue()) == "export_too_large"


def test_other_names_are_passed_over_and_written_nowhere(zhang: Phone, order: str, take_in: Import) -> None:
    note(zhang, order)
    strange = {"../../evil": b"x", "photos/../../evil": b"x", "photos/ABC": b"x", "readme.txt": b"x"}
    imported = take_in(parts_of(zhang) | strange)
    assert imported.photos == {} and statuses(imported) == [("applied", None, False)]


def test_photos_are_kept_as_if_they_had_been_uploaded(zhang: Phone, order: str, take_in: Import) -> None:
    good, bad, other = hash_of(PHOTO), "a" * 64, "b" * 64
    content = PHOTO.read_bytes()
    data = {"photo": new_id(), "sha256": good, "size": len(content), "media_type": "image/jpeg", "purpose": "fault"}
    zhang.write("photo.add", order, data | {"taken_at": utc_now().isoformat()})
    text = b"no photo at all"
    parts = parts_of(zhang) | {f"photos/{good}": content, f"photos/{bad}": content, f"photos/{other}": text}
    for _ in range(2):
        assert take_in(parts).photos == {good: "stored", bad: "differs", other: "differs"}
    zhang.sync()
    assert [photo["state"] for photo in zhang.order(order)["photos"]] == ["stored"]
    with reading() as connection:
        assert connection.execute(select(PhotoContent.sha256)).scalars().all() == [good]


def test_a_file_that_is_no_photo_is_kept_aside(zhang: Phone, order: str, take_in: Import, tmp_path: Path) -> None:
    (tmp_path / "text").write_bytes(b"no photo at all")
    sha256 = hash_of(tmp_path / "text")
    note(zhang, order)
    assert take_in(parts_of(zhang) | {f"photos/{sha256}": b"no photo at all"}).photos == {sha256: "rejected"}


def test_a_photo_larger_than_any_may_be_is_not_kept(
    zhang: Phone, order: str, take_in: Import, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export_reading, "MAX_BYTES", 1000)
    note(zhang, order)
    sha256 = hash_of(PHOTO)
    assert take_in(parts_of(zhang) | {f"photos/{sha256}": PHOTO.read_bytes()}).photos == {sha256: "too_large"}


def test_a_person_whose_account_is_closed_has_not_lost_what_they_recorded(
    zhang: Phone, order: str, take_in: Import
) -> None:
    note(zhang, order)
    with writing() as connection:
        connection.execute(update(Person).where(Person.id == zhang.person_id).values(active=False))
    assert statuses(take_in(parts_of(zhang))) == [("applied", None, False)]
