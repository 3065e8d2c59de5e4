"""The export file in tests/data/export, written by the app itself in a browser.

It was made once and is kept: every later version of the server has to take it in with the same outcomes. Run as a
program it makes a new one in the folder that is given: `python -m tests.browser.export_sample FOLDER`.
"""

from __future__ import annotations

import base64
import json
import sys
import tempfile
import threading
from pathlib import Path

from playwright.sync_api import expect, sync_playwright
from werkzeug.serving import make_server

from server.application import create_app
from server.database import migrate_to_newest, writing
from server.password_hashes import hash_password
from server.services import services, utc_now
from server.settings import Settings
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.store.people import add_person
from tests.browser.install import find
from tests.browser.phone import Phone, Place
from tests.server.export_files.start import SECRET, Start
from tests.server.sync.phone import new_id

PASSWORD = "for this file only"
FAULT = "地下室水泵漏水"
EXPORT = """async () => {
  const { exportFile } = await import("/app/static/app/store/export.js");
  const file = await exportFile();
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.split(",")[1]);
    reader.readAsDataURL(file);
  });
}"""


def main(folder: Path) -> None:
    """Write phone.undercroft.zip, and start.json: the company that it belongs to."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        data = Path(name)
        settings = Settings(data, f"sqlite:///{data / 'undercroft.sqlite3'}", f"file:{data / 'photos'}", SECRET)
        app = create_app(settings)
        with app.app_context():
            migrate_to_newest()
            start = company()
        server = make_server("127.0.0.1", 0, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        path = find()
        assert path is not None
        address = f"http://127.0.0.1:{server.server_port}"
        phone = Phone(playwright, path, data / "profile", address, place=Place(25.28, 110.29))
        try:
            content = export_of(phone)
        finally:
            phone.close()
            server.shutdown()
    (folder / "phone.undercroft.zip").write_bytes(content)
    (folder / "start.json").write_text(json.dumps(start, ensure_ascii=False, indent=1) + "\n", "utf-8")


def company() -> Start:
    """A technician, a supervisor and an order for the technician; as start.json names them."""
    now, order = utc_now(), new_id()
    opened = {"kind": "repair", "fault": FAULT, "contact": {"name": "王先生", "phone": "13811110000"}}
    with writing() as connection:
        liwei = add_person(connection, "liwei", "李伟", "technician", hash_password(PASSWORD), now)
        chenhong = add_person(connection, "chenhong", "陈红", "supervisor", hash_password(PASSWORD), now)
        opening = NewOperation("order.open", order, opened | {"assignees": [liwei]}, None)
        outcome = write(connection, services().pen, chenhong, [opening], now)[0]
    assert outcome.status == "applied", outcome
    return {"technician": liwei, "supervisor": chenhong, "order": order, "opened": opened, "at": now.isoformat()}


def export_of(phone: Phone) -> bytes:
    """What the phone writes after some work without a network."""
    phone.start()
    phone.sign_in("liwei", PASSWORD)
    phone.open(FAULT)
    phone.cut_network()
    phone.take_next_step("accept")
    phone.take_next_step("set-off")
    phone.take_next_step("arrive")
    phone.button("phone-arrive-register").click()
    phone.take_next_step("start")
    phone.take_photo("before")
    phone.page.get_by_role("link", name=phone.say("phone-door-materials", count=0)).click()
    phone.add_labour("更换机械密封", "120")
    phone.back()
    phone.describe("wear", "机械密封磨损", "更换机械密封")
    expect(phone.page.get_by_text(phone.say("phone-reach-offline"))).to_be_visible()
    return base64.b64decode(phone.page.evaluate(EXPORT))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
