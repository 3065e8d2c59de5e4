"""A file that is made to stop the server, handed in in good faith."""

from __future__ import annotations

import io
import json
import zipfile
from uuid import UUID, uuid5

import pytest
from sqlalchemy import func, select

from server.database import reading
from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from server.models import Device, JournalLine
from server.problems import Problem
from server.services import services
from server.sync.ledgers.ledger import sign
from server.sync.ledgers.line import hash_of
from server.sync.ledgers.office_keys import public_jwk
from tests.adversary.results import result
from tests.server.export_files.files import parts_of, zipped
from tests.server.office.scene import Scene
from tests.server.sync.phone import Phone, new_id


def written(phone: Phone) -> Phone:
    """With a note of it."""
    phone.write("note.add", new_id(), {"note": new_id(), "text": "x"})
    return phone


def lines() -> int:
    with reading() as connection:
        return connection.execute(select(func.count()).select_from(JournalLine)).scalar_one()


def code_of(file: io.BytesIO) -> str:
    """The code with which a file is refused; nothing of it was written."""
    before = lines()
    with pytest.raises(Problem) as problem:
        import_file(file, this_server())
    assert lines() == before
    return problem.value.code


def refused(scene: Scene, content: bytes) -> str:
    """The code with which a compressed file of Zhang's new device with this ledger is refused."""
    parts = parts_of(written(Phone(scene.ids["zhang"]))) | {"ledger.ndjson": content}
    return code_of(zipped(parts, zipfile.ZIP_DEFLATED))


@result("proven false")
def test_a_file_of_a_hundred_thousand_line_ends_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"\n" * 100_000) == "export_too_many_lines"


@result("proven false")
def test_a_file_of_a_few_line_ends_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"\n" * 1000) == "export_empty_line"


@result("proven false")
def test_a_file_of_lines_that_nobody_signed_is_handed_in(scene: Scene) -> None:
    assert refused(scene, b"{}\n" * 1000) == "export_unsigned"


@result("proven false")
@pytest.mark.parametrize("name", ["ledger.ndjson", "device.json", "signature", "photos/" + "0" * 64])
def test_a_file_has_two_parts_of_one_name(scene: Scene, name: str) -> None:
    parts = parts_of(written(Phone(scene.ids["zhang"]))) | {"photos/" + "0" * 64: b"x"}
    file = zipped(parts)
    with pytest.warns(UserWarning, match="Duplicate name"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, parts[name])
    file.seek(0)
    assert code_of(file) == "export_damaged"


@result("proven false")
def test_the_names_in_a_file_lead_somewhere_else(scene: Scene) -> None:
    data = services().settings.data
    before = sorted(data.rglob("*"))
    hostile = ("../../evil", "/etc/evil", "photos/../../evil", "photos/" + "0" * 64 + "/evil", "C:\\evil", "secret.key")
    parts = parts_of(written(Phone(scene.ids["zhang"]))) | dict.fromkeys(hostile, b"evil")
    imported = import_file(zipped(parts), this_server())
    assert imported.photos == {} and len(imported.operations) == 1
    assert sorted(data.rglob("*")) == before


@result("proven false")
def test_a_file_bears_a_key_that_is_not_its_devices(scene: Scene) -> None:
    known, forger = Phone(scene.ids["zhang"]).register(), Phone(scene.ids["zhang"])
    parts = parts_of(written(known))
    signed = {"signature": sign(forger.key, known.lines[-1]).encode()}
    own_key = {"public_key": json.loads(public_jwk(forger.key))}
    assert code_of(zipped(parts_of(known, **own_key) | signed)) == "export_other_device"
    imported = import_file(zipped(parts | signed), this_server())
    assert [came.outcome.reason for came in imported.operations] == ["bad_signature"]
    unknown = written(forger)
    other = {"signature": sign(known.key, unknown.lines[-1]).encode()}
    assert code_of(zipped(parts_of(unknown) | other)) == "export_unsigned"


@result("proven false")
def test_the_id_for_what_a_shut_out_phone_brings_is_taken_before(scene: Scene) -> None:
    """By the one who was shut out, who knows the file: then it would be refused, or be in a ledger that goes on."""
    phone = written(Phone(scene.ids["zhang"]).register())
    copy = Phone(phone.person_id, id=phone.id, key=phone.key)
    written(written(phone)).sync()
    written(written(copy))
    scene.office("wang", "device.revoke", phone.id, {"reason": "lost"})
    guessed = str(uuid5(UUID(phone.id), hash_of(copy.lines[0])))
    taken = Phone(phone.person_id, id=guessed, key=copy.key).register()
    written(taken).sync()
    for _ in range(2):
        imported = import_file(zipped(parts_of(copy)), this_server())
        assert [came.outcome.reason for came in imported.operations] == ["broken_chain"] * 2
    with reading() as connection:
        kept = connection.execute(
            select(JournalLine.bytes, Device.revoked_at)
            .join(Device, Device.id == JournalLine.device_id)
            .where(Device.kind == "phone", Device.id.not_in([phone.id, taken.id]))
            .order_by(JournalLine.seq)
        ).all()
        acknowledged = connection.execute(select(Device.acknowledged).where(Device.id == taken.id)).scalar_one()
    assert [row.bytes for row in kept] == copy.lines and all(row.revoked_at for row in kept)
    assert acknowledged == 1
