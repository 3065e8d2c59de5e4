"""What the phone promises about its ledger: saved means committed, one chain whatever happens, nothing lost."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import zipfile
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePublicNumbers
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from playwright.sync_api import Page

from server.sync.ledgers.line import Line, parse_line
from tests.conftest import People
from tests.pwa.conftest import Job, MortalPhone, Phone, Server, sign_in

ALL_LINES = "(async () => (await (await core.store()).getAll('lines')).map((line) => line.text))()"
NOTE = "(target) => core.record([{kind: 'note.add', target, data: {note: core.newId(), text: '到了'}}])"


def lines_of(page: Page) -> list[str]:
    """Every line of the ledger, in order."""
    found: list[str] = page.evaluate(ALL_LINES)
    return found


def verified(lines: list[str]) -> list[Line]:
    """The lines, read as the server reads them; fails where the chain does not hold."""
    prev, read = "0" * 64, []
    for seq, text in enumerate(lines, 1):
        line = parse_line(text.encode())
        assert isinstance(line, Line), line
        assert (line.seq, line.prev) == (seq, prev)
        prev = hashlib.sha256(text.encode()).hexdigest()
        read.append(line)
    return read


def test_what_was_said_to_be_saved_survives_the_death_of_the_browser(
    mortal_phone: MortalPhone, server: Server, people: People, job: Job
) -> None:
    page = mortal_phone.tab()
    sign_in(page, people.zhang)
    server.stop()
    before = page.evaluate(
        """async (target) => {
          const bytes = crypto.getRandomValues(new Uint8Array(60_000));
          bytes.set([0xff, 0xd8, 0xff, 0xe0]);
          const taken = await core.takeIn(new Blob([bytes]));
          const {photo, sha256, size, media_type} = taken;
          const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
          await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
          return {sha256, size};
        }""",
        job.id,
    )
    mortal_phone.kill()

    mortal_phone.start()
    server.start()
    page = mortal_phone.tab()
    server.stop()
    lines = verified(lines_of(page))
    assert lines[-1].kind == "photo.add"
    found = page.evaluate(
        """async (sha256) => {
          const blob = await core.localPhoto(sha256);
          return {...(await core.takeIn(blob)), blob: null};
        }""",
        before["sha256"],
    )
    assert (found["sha256"], found["size"]) == (before["sha256"], before["size"])
    order = page.evaluate("core.orders.value.find(({body}) => body.photos.length === 1)")
    assert order["waiting"] == 2  # the line and the photo's bytes


def test_saved_is_said_after_a_strict_commit_of_line_and_photo_together(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    order = page.evaluate(
        """async (target) => {
          const seen = [];
          const begin = IDBDatabase.prototype.transaction;
          IDBDatabase.prototype.transaction = function (names, mode, options) {
            const transaction = begin.call(this, names, mode, options);
            if (mode === 'readwrite') {
              seen.push(`${[...transaction.objectStoreNames]} ${transaction.durability}`);
              transaction.addEventListener('complete', () => seen.push('committed'));
            }
            return transaction;
          };
          const taken = await core.takeIn(new Blob([new Uint8Array([0xff, 0xd8, 0xff, 1])]));
          const {photo, sha256, size, media_type} = taken;
          const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
          await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
          seen.push('saved');
          return seen;
        }""",
        job.id,
    )
    assert order == ["deliveries,lines,meta,photos strict", "committed", "saved"]


def test_a_line_has_the_form_of_the_protocol(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    text = lines_of(page)[-1]
    line: dict[str, Any] = json.loads(text)  # Any: JSON
    assert list(line) == ["v", "id", "device", "seq", "prev", "at", "kind", "target", "seen", "data"]
    assert list(line["at"]) == ["wall", "mono", "run"]
    assert line["seen"] == 1
    assert text == json.dumps(line, ensure_ascii=False, separators=(",", ":"))


def test_two_tabs_that_write_at_once_do_not_fork(phone: Phone, people: People, job: Job) -> None:
    one, other = phone.tab(), phone.tab()
    sign_in(one, people.zhang)
    other.wait_for_function("core.session.value !== null")  # It follows by itself.
    start = """(target) => {
      window.writing = Promise.all(Array.from({length: 30}, (_, index) =>
        core.record([{kind: 'note.add', target, data: {note: core.newId(), text: String(index)}}])));
    }"""
    for page in (one, other):
        page.evaluate(start, job.id)
    for page in (one, other):
        page.evaluate("window.writing.then(() => null)")
    lines = verified(lines_of(one))
    notes = [line for line in lines if line.kind == "note.add"]
    assert len(notes) == 60
    assert len({line.at.run for line in notes}) == 2


def test_an_anchor_is_written_before_the_next_operation_and_once(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    for _ in range(3):
        page.evaluate("core.sendNow()")
    assert lines_of(page) == []  # Exchanges in which nothing happened write nothing.
    page.evaluate(NOTE, job.id)
    page.evaluate(NOTE, job.id)
    assert [line.kind for line in verified(lines_of(page))] == ["anchor", "note.add", "note.add"]
    page.evaluate("core.sendNow()")
    page.evaluate(NOTE, job.id)
    kinds = [line.kind for line in verified(lines_of(page))]
    assert kinds == ["anchor", "note.add", "note.add", "anchor", "note.add"]


def test_a_line_that_is_too_long_writes_nothing_at_all(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    code = page.evaluate(
        """async (target) => {
          const note = (text) => ({kind: 'note.add', target, data: {note: core.newId(), text}});
          return core.record([note('short'), note('长'.repeat(30_000))]).catch(({code}) => code);
        }""",
        job.id,
    )
    assert code == "line_too_large"
    assert lines_of(page) == []


def test_two_people_on_one_phone_have_separate_stores(phone: Phone, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate(NOTE, job.id)
    assert page.evaluate("core.signOut().catch(({code}) => code)") == "unsent"
    page.evaluate("core.sendNow()")
    page.evaluate("core.signOut()")
    sign_in(page, people.li)
    assert lines_of(page) == []
    assert page.evaluate("core.orders.value.length") == 0
    page.evaluate("core.signOut()")
    sign_in(page, people.zhang)
    assert [line.kind for line in verified(lines_of(page))] == ["anchor", "note.add"]


def test_the_export_file_holds_what_could_not_be_sent(phone: Phone, server: Server, people: People, job: Job) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    server.stop()
    page.evaluate(
        """async (target) => {
          const taken = await core.takeIn(new Blob([new Uint8Array([0xff, 0xd8, 0xff, 1, 2, 3])]));
          const {photo, sha256, size, media_type} = taken;
          const data = {photo, sha256, size, media_type, purpose: 'before', taken_at: new Date().toISOString()};
          await core.record([{kind: 'photo.add', target, data}], [{...taken, target}]);
        }""",
        job.id,
    )
    encoded = page.evaluate(
        """async () => {
          const bytes = new Uint8Array(await (await core.exportFile()).arrayBuffer());
          return btoa(String.fromCharCode(...bytes));
        }"""
    )
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(encoded))) as packed:
        assert packed.testzip() is None
        lines = packed.read("ledger.ndjson").decode().splitlines()
        signature = packed.read("signature").decode()
        device = json.loads(packed.read("device.json"))
        photos = {name: packed.read(name) for name in packed.namelist() if name.startswith("photos/")}
    assert [line.kind for line in verified(lines)] == ["anchor", "photo.add"]
    (name, content), *_ = photos.items()
    assert name == "photos/" + hashlib.sha256(content).hexdigest()
    raw = base64.urlsafe_b64decode(signature + "==")
    x, y = (int.from_bytes(base64.urlsafe_b64decode(device["public_key"][axis] + "==")) for axis in ("x", "y"))
    key = EllipticCurvePublicNumbers(x, y, SECP256R1()).public_key()
    r_and_s = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key.verify(r_and_s, lines[-1].encode(), ECDSA(SHA256()))
