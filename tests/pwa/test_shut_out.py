"""A phone that the office has revoked and its technician goes on with: nothing is lost, nor sent as if nothing were."""

from __future__ import annotations

import base64
import io
import json
import re
import zipfile
from typing import Any

import pytest
from apiflask import APIFlask
from playwright.sync_api import Page, expect
from sqlalchemy import select, update

from server.database import reading, writing
from server.export_files.taking import Imported, import_file
from server.export_files.wiring import this_server
from server.models import Device, Document, HeldLine
from server.services import services
from server.sync.exchange.office_ledger import NewOperation
from server.sync.exchange.office_ledger import write as write_in_office
from server.sync.operations.accounts import end_sessions
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, sign_in

NOTE = """([target, text]) => core.record(
  [{kind: "note.add", target, data: {note: core.newId(), text}}]).then(([line]) => line.id)"""
PHOTO = """async (target) => {
  const taken = await core.takeIn(new Blob([new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3])]));
  const {photo, sha256, size, media_type} = taken;
  const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
  await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
}"""
EXPORT = """async (device) => {
  const bytes = new Uint8Array(await (await core.exportFile(device)).arrayBuffer());
  return btoa(String.fromCharCode(...bytes));
}"""
ON_THE_ORDER = "core.orders.value.flatMap(({body}) => body.notes.map(({text}) => text))"


def write(app: APIFlask, people: People, kind: str, target: str, data: dict[str, Any]) -> None:  # Any: JSON
    with app.app_context(), writing() as connection:
        running = services()
        done = write_in_office(
            connection, running.pen, people.wang.id, [NewOperation(kind, target, data)], running.now()
        )
    assert [outcome.status for outcome in done] == ["applied"]


def device_of(page: Page) -> str:
    return str(page.evaluate("core.session.value.device.id"))


def exported(page: Page, device: str | None = None) -> bytes:
    return base64.b64decode(page.evaluate(EXPORT, device))


def hand_in(app: APIFlask, file: bytes) -> Imported:
    with app.app_context():
        return import_file(io.BytesIO(file), this_server())


@pytest.fixture
def shut_out(phone: Phone, app: APIFlask, people: People, job: Job) -> Page:
    """Zhang's phone: one note is in; it was revoked; then another note was written."""
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, [job.id, "before"])
    page.evaluate("core.sendNow()")
    write(app, people, "device.revoke", device_of(page), {"reason": "lost"})
    page.evaluate(NOTE, [job.id, "after"])
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.session.value.ended") is True
    return page


def test_its_person_goes_on_as_a_new_device_and_what_was_unsent_stays(shut_out: Page, people: People, job: Job) -> None:
    revoked = device_of(shut_out)
    sign_in(shut_out, people.zhang)
    assert device_of(shut_out) != revoked
    unsent = shut_out.evaluate("core.unsent.value")
    assert (unsent["lines"], unsent["photos"], unsent["shut_out"]) == (0, 0, 1) and unsent["bytes"] > 300
    assert shut_out.evaluate("core.contact.value.last_all_safe") is not None, "from before it was revoked"
    before = shut_out.evaluate("core.contact.value.last_all_safe")
    shut_out.evaluate("core.sendNow()")
    assert shut_out.evaluate("core.contact.value.last_all_safe") == before, "not everything is safe now"
    assert shut_out.evaluate(ON_THE_ORDER) == ["before", "after"]
    shut_out.evaluate(NOTE, [job.id, "later"])
    shut_out.evaluate("core.sendNow()")
    assert shut_out.evaluate("core.unsent.value.lines") == 0
    assert shut_out.evaluate(ON_THE_ORDER) == ["before", "later", "after"]


def test_a_file_hands_it_in_and_a_supervisor_decides(shut_out: Page, app: APIFlask, people: People, job: Job) -> None:
    revoked = device_of(shut_out)
    sign_in(shut_out, people.zhang)
    imported = hand_in(app, exported(shut_out, revoked))
    assert imported.result.is_revoked and [came.kind for came in imported.operations] == ["note.add"]
    shut_out.evaluate("core.sendNow()")
    assert shut_out.evaluate("core.unsent.value.shut_out") == 0
    assert shut_out.evaluate("core.held.value.map(({reason}) => reason)") == ["device_revoked"]
    assert shut_out.evaluate(ON_THE_ORDER) == ["before"], "it waits, and is not on the order"
    with app.app_context(), reading() as connection:
        (held,) = connection.execute(select(HeldLine.operation_id)).scalars()
    write(app, people, "held.decide", job.id, {"operation": held, "decision": "apply"})
    shut_out.evaluate("core.sendNow()")
    assert shut_out.evaluate(ON_THE_ORDER) == ["before", "after"]
    assert shut_out.evaluate("core.held.value") == []


def test_a_ledger_that_has_forked_besides_is_carried_over(
    shut_out: Page, app: APIFlask, people: People, job: Job
) -> None:
    with app.app_context(), writing() as connection:  # as after the phone was put back, and wrote something else
        mine = update(Device).where(Device.id == device_of(shut_out))
        connection.execute(mine.values(head_hash="f" * 64))
    sign_in(shut_out, people.zhang)
    shut_out.evaluate("core.sendNow()")
    assert shut_out.evaluate("core.unsent.value") == {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}
    assert shut_out.evaluate("core.held.value") == []
    with app.app_context(), reading() as connection:
        body = json.loads(connection.execute(select(Document.body).where(Document.id == job.id)).scalar_one())
    assert [note["text"] for note in body["notes"]] == ["before", "after"]


def test_without_signing_in_again_the_same_file_can_be_written(shut_out: Page, app: APIFlask) -> None:
    imported = hand_in(app, exported(shut_out))
    assert imported.result.is_revoked and [came.kind for came in imported.operations] == ["note.add"]


def test_what_an_answer_that_was_lost_had_acknowledged_is_not_asked_for(
    phone: Phone, app: APIFlask, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    revoked = device_of(page)
    page.evaluate(NOTE, [job.id, "arrived"])
    page.route("**/api/v1/sync", lambda route: (route.fetch(), route.abort()), times=1)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value.lines") == 1
    write(app, people, "device.revoke", revoked, {"reason": "lost"})
    page.evaluate("core.sendNow()")
    sign_in(page, people.zhang)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value") == {"lines": 0, "photos": 0, "bytes": 0, "shut_out": 0}
    assert page.evaluate(ON_THE_ORDER) == ["arrived"]


def test_the_file_carries_the_photos_that_its_lines_name_and_no_others(
    phone: Phone, app: APIFlask, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    revoked = device_of(page)
    write(app, people, "device.revoke", revoked, {"reason": "lost"})
    page.evaluate(PHOTO, job.id)
    page.evaluate("core.sendNow()")
    page.route("**/api/v1/uploads", lambda route: route.abort())
    sign_in(page, people.zhang)
    with zipfile.ZipFile(io.BytesIO(exported(page, revoked))) as own:
        assert sum(name.startswith("photos/") for name in own.namelist()) == 1
        assert json.loads(own.read("device.json"))["id"] == revoked
        kinds = [json.loads(line)["kind"] for line in own.read("ledger.ndjson").splitlines()]
        assert kinds == ["anchor", "photo.add"]


def test_a_file_whose_first_lines_are_gone_from_the_phone_says_where_it_begins(
    shut_out: Page, app: APIFlask, people: People
) -> None:
    """As after a restore to a server that lacks more than the 30 days that a phone keeps."""
    revoked = device_of(shut_out)
    sign_in(shut_out, people.zhang)
    shut_out.evaluate(
        """async (device) => {
          const store = await core.store();
          const ledgers = await store.get("meta", "shut_out");
          await store.put("meta", ledgers.map((ledger) => ({ ...ledger, acknowledged: 0 })), "shut_out");
          await store.delete("lines", [device, 1]);
        }""",
        revoked,
    )
    with zipfile.ZipFile(io.BytesIO(exported(shut_out, revoked))) as packed:
        assert json.loads(packed.read("device.json"))["first"] == 2
        assert [json.loads(line)["seq"] for line in packed.read("ledger.ndjson").splitlines()] == [2, 3, 4]


def test_outbox_says_so_and_offers_the_file(shut_out: Page, phone: Phone, people: People) -> None:
    sign_in(shut_out, people.zhang)
    shut_out.close()
    page = phone.context.new_page()
    page.goto(f"{phone.url}/app/#/outbox")
    sheet = page.get_by_label(re.compile("导出文件交回|Hand in as a file"))
    expect(sheet).to_contain_text(re.compile("有 1 项还没有发送|before 1 entry was sent"))
    expect(page.get_by_text(re.compile("^(全部已送达|All safe)$"))).to_have_count(0)
    with page.expect_download() as saved:
        sheet.get_by_role("button", name=re.compile("导出|Export")).click()
    with zipfile.ZipFile(saved.value.path()) as packed:
        assert len(packed.read("ledger.ndjson").splitlines()) == 2


def test_after_an_end_to_all_sessions_what_waits_stays_and_goes_with_the_next_sign_in(
    phone: Phone, app: APIFlask, people: People, job: Job
) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    with app.app_context(), writing() as connection:
        end_sessions(connection, people.zhang.id, "ended")
    page.evaluate(NOTE, [job.id, "waits"])
    page.evaluate("core.sendNow()")
    assert page.evaluate("[core.session.value.ended, core.contact.value.code]") == [True, "session_ended"]
    assert page.evaluate("core.unsent.value.lines") == 1
    sign_in(page, people.zhang)
    page.evaluate("core.sendNow()")
    assert page.evaluate("core.unsent.value.lines") == 0
    assert page.evaluate(ON_THE_ORDER) == ["waits"]
