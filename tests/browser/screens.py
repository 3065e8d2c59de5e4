"""Photographs of every screen, phone and office, in both languages, by day and in the basement: `make screens`.

The pictures show the demonstration company with one job under way without signal, then done and delivered.
"""

from __future__ import annotations

import hashlib
import io
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from PIL import ExifTags, Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.company import PASSWORD, ROOT, load_demo, serving
from tests.browser.install import HELP, find
from tests.browser.office import Office
from tests.browser.phone import SEES, Phone
from tests.browser.test_whole_job import (
    CUSTOMER_PHONE,
    DIAGNOSIS,
    FAULT,
    LABOUR,
    PART,
    PIN,
    PLACE,
    SIGNER,
    SITE,
    TECHNICIAN,
    WORK_DONE,
)
from tests.browser.words import Words
from tests.chromium import ARGUMENTS
from tests.reference_client import Client, uuid7

TARGET = ROOT / "docs" / "screens"
COLOURS = 256
LOOK_ON_PHONE = """async ([language, theme]) => {
  (await import("/app/static/app/ui/language.js")).setLanguage(language);
  (await import("/app/static/app/shell/preferences.js")).theme.value = theme;
}"""

NO_PIN = "import('/app/static/app/store/pin.js').then(({ forgetPin }) => forgetPin())"
FULL = """() => {
  globalThis.reallyAdd ??= IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => { throw new DOMException("no room", "QuotaExceededError"); };
}"""


@dataclass(frozen=True)
class Look:
    """One language by day or in the dark."""

    language: str
    theme: str

    @property
    def say(self) -> Words:
        """The texts of this language."""
        return Words(self.language)


LOOKS = [Look(language, theme) for language in ("zh-CN", "en") for theme in ("light", "dark")]


def main() -> int:
    """Take all pictures; returns the exit status."""
    path = find()
    if path is None:
        print(HELP, file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for old in TARGET.glob("*.png"):
        old.unlink()
    expect.set_options(timeout=30_000)
    with tempfile.TemporaryDirectory() as name, chinese_type(Path(name)), sync_playwright() as playwright:
        folder = Path(name) / "data"
        folder.mkdir()
        load_demo(folder)
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        with serving(folder) as address:
            office = Office(browser, address)
            office.sign_in("zhangmin", PASSWORD)
            order_page = office.open_order(CUSTOMER_PHONE, SITE, FAULT, TECHNICIAN)
            phone = Phone(playwright, path, Path(name) / "profile", address, place=PLACE)
            phone.start()
            photograph_phone(phone)
            leave_something_to_decide(address)
            leave_something_decided(address)
            photograph_decisions(phone)
            photograph_sessions(phone)
            photograph_office(office, order_page)
            photograph_evidence(office, leave_photos_in_doubt(address))
            photograph_account(office)
            photograph_sign_in(office)
            phone.close()
            office.close()
        browser.close()
    pictures = list(TARGET.glob("*.png"))
    size = sum(picture.stat().st_size for picture in pictures) / 1e6
    print(f"{len(pictures)} pictures in {TARGET.relative_to(ROOT)}, {size:.1f} MB")
    return 0


@contextmanager
def chinese_type(folder: Path) -> Iterator[None]:
    """A driver that starts meanwhile gives its browsers the project's own Chinese fonts, whatever the machine has."""
    data = folder / "share"
    (data / "fonts").mkdir(parents=True)
    for font in (ROOT / "server" / "paper" / "fonts").glob("NotoSansSC-*"):
        (data / "fonts" / font.name).symlink_to(font)
    before = os.environ.get("XDG_DATA_HOME")
    os.environ["XDG_DATA_HOME"] = str(data)
    try:
        yield
    finally:
        del os.environ["XDG_DATA_HOME"]
        if before is not None:
            os.environ["XDG_DATA_HOME"] = before


def keep(page: Page, name: str, look: Look, *, whole: bool = False) -> None:
    """One picture, with at most 256 colours, as small as PNG makes it."""
    expect(page.locator(".toast")).to_have_count(0)
    taken = page.screenshot(full_page=whole, animations="disabled", caret="hide")
    image = Image.open(io.BytesIO(taken)).convert("RGB").quantize(COLOURS)
    image.save(TARGET / f"{name}-{look.language}-{look.theme}.png", optimize=True)


# The phone


def photograph_phone(phone: Phone) -> None:
    """From signing in over a job without signal to everything delivered."""
    for look in LOOKS:
        look_at(phone, look, "today")
        keep(phone.page, "phone-sign-in", look)
    use(phone, LOOKS[0])
    phone.sign_in("liwei", PASSWORD)
    phone.open(FAULT)
    for step in ("accept", "set-off"):
        phone.take_next_step(step)
    phone.cut_network()
    phone.take_next_step("arrive")
    for look in LOOKS:
        look_at(phone, look, f"orders/{identity(phone)}/arrive")
        phone.find_place()
        keep(phone.page, "phone-arrive", look)
    use(phone, LOOKS[0])
    work(phone)
    for look in LOOKS:
        walk(phone, look)
    use(phone, LOOKS[0])
    show(phone, f"orders/{identity(phone)}")
    phone.take_next_step("sign")
    phone.page.get_by_role("radio", name=phone.say("phone-language-name"), exact=True).click()
    phone.hand_over_and_sign(SIGNER, PIN)
    phone.take_next_step("depart")
    phone.bring_network_back()
    phone.wait_until_safe()


def work(phone: Phone) -> None:
    """What is done on the site before anybody signs."""
    phone.register_arrival()
    phone.take_next_step("start")
    phone.take_photo("before")
    phone.answer_checklists()
    phone.use_material("jxmfcr32", PART)
    phone.add_labour(LABOUR, "120")
    phone.back()
    phone.describe("wear", DIAGNOSIS, WORK_DONE)


def walk(phone: Phone, look: Look) -> None:
    """Every screen that has something to show while the work is under way."""
    order = identity(phone)
    for name, screen in (
        ("today", "today"),
        ("order", f"orders/{order}"),
        ("photos", f"orders/{order}/photos"),
        ("checklist", f"orders/{order}/checklist"),
        ("new-order", "new"),
        ("outbox", "outbox"),
        ("me", "me"),
    ):
        look_at(phone, look, screen)
        keep(phone.page, f"phone-{name}", look)
    look_at(phone, look, f"orders/{order}/materials")
    phone.page.get_by_role("searchbox").fill("jx")
    keep(phone.page, "phone-materials", look)
    look_at(phone, look, f"orders/{order}/photos")
    phone.button("phone-photos-take").click()
    phone.page.locator("video").evaluate(SEES)
    keep(phone.page, "phone-camera", look)
    without_room(phone, look)
    phone.page.get_by_role("dialog").get_by_role("button", name=look.say("phone-done"), exact=True).click()
    with_customer(phone, look)


def without_room(phone: Phone, look: Look) -> None:
    """In the camera, on a phone that is full; then there is room again, and the picture goes."""
    phone.page.evaluate(FULL)
    phone.page.get_by_role("dialog").get_by_role("button", name=look.say("phone-camera-take"), exact=True).click()
    asking = phone.page.get_by_role("dialog", name=look.say("phone-unkept-title"))
    expect(asking.locator("img")).to_have_js_property("complete", True)
    keep(phone.page, "phone-no-room", look)
    phone.page.evaluate("() => { IDBObjectStore.prototype.add = reallyAdd; }")
    asking.get_by_role("button", name=look.say("phone-unkept-drop"), exact=True).click()
    expect(asking).to_have_count(0)
    gone = phone.page.locator(".toast")
    expect(gone).to_have_count(1)
    expect(gone).to_have_count(0)


def photograph_decisions(phone: Phone) -> None:
    """What two people changed, and what the office decided."""
    phone.page.evaluate("import('/app/static/app/sync/exchange.js').then(({ sendNow }) => sendNow())")
    for look in LOOKS:
        look_at(phone, look, "today")
        phone.page.get_by_role("link", name=look.say("phone-conflicts-wait", count=1)).click()
        phone.page.get_by_role("radio").nth(1).click()
        keep(phone.page, "phone-conflicts", look)
        look_at(phone, look, "outbox")
        decided = phone.page.get_by_role("region", name=look.say("phone-decided-title"))
        decided.scroll_into_view_if_needed()
        keep(phone.page, "phone-decided", look)
    use(phone, LOOKS[0])


def photograph_sessions(phone: Phone) -> None:
    """On Me, with a signal: the phones on which the person is signed in."""
    for look in LOOKS:
        look_at(phone, look, "me")
        known = phone.page.get_by_role("region", name=look.say("phone-sessions-title"))
        expect(known.get_by_text(look.say("phone-sessions-present"), exact=True)).to_be_visible()
        known.scroll_into_view_if_needed()
        keep(phone.page, "phone-sessions", look)
    use(phone, LOOKS[0])


def with_customer(phone: Phone, look: Look) -> None:
    """The report with the technician, then in the customer's hands, up to the pad, and back unsigned by a PIN."""
    look_at(phone, look, f"orders/{identity(phone)}/sign")
    phone.page.get_by_role("radio", name=look.say("phone-language-name"), exact=True).click()
    keep(phone.page, "phone-report", look)
    phone.page.evaluate(NO_PIN)
    phone.button("phone-sign-hand-over").click()
    expect(phone.button("phone-pin-not-now")).to_be_visible()
    keep(phone.page, "phone-pin-choose", look)
    phone.choose_pin(PIN)
    expect(phone.page.get_by_text(look.say("phone-sign-please"))).to_be_visible()
    keep(phone.page, "phone-customer", look)
    phone.read(SIGNER)
    keep(phone.page, "phone-rating", look)
    phone.page.get_by_role("radio", name=look.say("phone-sign-unrated")).click()
    phone.button("phone-sign-go").click()
    phone.draw_signature()
    keep(phone.page, "phone-signature", look)
    phone.button("phone-sign-read-again").click()
    phone.button("phone-sign-not-now").click()
    phone.ask_for_pin()
    phone.press_digits(PIN[:3])
    keep(phone.page, "phone-pin", look)
    phone.press_digits(PIN[3:])
    phone.end_pin()
    expect(phone.button("phone-sign-hand-over")).to_be_visible()


def identity(phone: Phone) -> str:
    """The id of the order of these pictures."""
    found: str = phone.order(FAULT)["id"]
    return found


def look_at(phone: Phone, look: Look, screen: str) -> None:
    """Show a screen in this language and light, as soon as it stands still."""
    use(phone, look)
    show(phone, screen)


def use(phone: Phone, look: Look) -> None:
    """Switch language and light, as the person would on the screen Me."""
    phone.page.evaluate(LOOK_ON_PHONE, [look.language, look.theme])
    phone.say = look.say


def show(phone: Phone, screen: str) -> None:
    """Another screen, by its address."""
    phone.page.goto(f"{phone.address}/app/#/{screen}")
    phone.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


# The office


def photograph_office(office: Office, order_page: str) -> None:
    """What the office works with all day, after the job."""
    page = office.page
    for look in all_looks(office):
        for name, address in (
            ("today", "/office/"),
            ("orders", "/office/orders"),
            ("people", "/office/people"),
            ("import", "/office/import"),
            ("intake", f"/office/intake?words={CUSTOMER_PHONE}"),
        ):
            page.goto(office.address + address)
            keep(page, f"office-{name}", look)
        page.get_by_role("link").filter(has_text=CUSTOMER_PHONE).click()
        expect(page.get_by_role("button", name=look.say("office-open-order"))).to_be_visible()
        keep(page, "office-intake-form", look, whole=True)
        page.goto(f"{office.address}/office/inbox")
        keep(page, "office-inbox", look, whole=True)
        page.goto(order_page)
        pictures_in_sight(page)
        keep(page, "office-order", look, whole=True)


def photograph_evidence(office: Office, doubtful: Doubtful) -> None:
    """What is weak, what of one person's could be proven, and photos that are on another order too."""
    page = office.page
    for look in all_looks(office):
        for name, address in (
            ("evidence", "/office/evidence"),
            ("evidence-person", f"/office/evidence/people/{doubtful.person}"),
        ):
            page.goto(office.address + address)
            keep(page, f"office-{name}", look, whole=True)
        page.goto(f"{office.address}/office/orders/{doubtful.order}")
        expect(page.get_by_role("heading", name=look.say("office-photos-elsewhere"))).to_be_visible()
        pictures_in_sight(page)
        keep(page, "office-order-photos", look, whole=True)


def photograph_account(office: Office) -> None:
    """One's own account, from where a session is ended."""
    page = office.page
    for look in all_looks(office):
        page.goto(f"{office.address}/office/account")
        page.locator(".own-sessions summary").first.click()
        keep(page, "office-account", look, whole=True)


def photograph_sign_in(office: Office) -> None:
    """Signing in, which ends the session."""
    office.context.clear_cookies(name="undercroft_office")
    for look in all_looks(office):
        office.page.goto(f"{office.address}/office/sign-in")
        keep(office.page, "office-sign-in", look)


def leave_something_to_decide(address: str) -> None:
    """On another order two people change the same number, and somebody records whose it never was."""
    people = {}
    for username in ("zhangmin", "liwei", "wanggang"):
        people[username] = Client(address)
        people[username].sign_in(username, PASSWORD)
    order = people["liwei"].call("GET", "/api/v1/work-orders?state=planned&limit=1").json()["items"][0]
    was = order["body"]["contact"]["phone"]
    for username, now in (("zhangmin", "13700001234"), ("liwei", "13900005678")):
        changes = {"contact.phone": {"was": was, "now": now}}
        people[username].write("order.edit", order["id"], {"changes": changes}, seen=order["version"])
        people[username].sync()
    for text in ("备用泵也有异响", "建议下月更换"):
        people["wanggang"].write("note.add", order["id"], {"note": uuid7(), "text": text})
    people["wanggang"].sync()


def leave_something_decided(address: str) -> None:
    """Li Wei wrote on an order that was never his: one note counts, one does not, one waits."""
    people = {}
    for username in ("zhangmin", "liwei", "wanggang"):
        people[username] = Client(address)
        people[username].sign_in(username, PASSWORD)
    order = people["wanggang"].call("GET", "/api/v1/work-orders?state=planned&limit=1").json()["items"][0]["id"]
    notes = [
        people["liwei"].write("note.add", order, {"note": uuid7(), "text": text})
        for text in ("阀门已关", "阀门已关。", "泵房钥匙在门卫")
    ]
    people["liwei"].sync()
    decisions = ({"decision": "apply", "comment": "顺路帮忙，算数"}, {"decision": "dismiss", "comment": "重复了"})
    for note, decision in zip(notes, decisions, strict=False):
        people["zhangmin"].write("held.decide", order, {"operation": note} | decision)
    people["zhangmin"].sync()


@dataclass(frozen=True)
class Doubtful:
    """An order whose photo does not fit, and who took it."""

    order: str
    person: str


def leave_photos_in_doubt(address: str) -> Doubtful:
    """Li Wei hands in a photo of two days ago that an editor wrote, and Wang Gang's of another order looks the same;
    each arrives without a position, and a second photo has not come yet."""
    taken = {"liwei": drawn_photo(edited=True), "wanggang": drawn_photo(edited=False)}
    doubtful = {}
    for username, content in taken.items():
        client = Client(address)
        client.sign_in(username, PASSWORD)
        order = client.call("GET", "/api/v1/work-orders?state=planned&limit=1").json()["items"][0]["id"]
        photo = {
            "photo": uuid7(), "sha256": hashlib.sha256(content).hexdigest(), "size": len(content),
            "media_type": "image/jpeg", "purpose": "fault", "taken_at": client.ledger.clocks()["wall"],
        }  # fmt: skip
        client.write("arrival.record", order, {"arrival": uuid7(), "why_none": "denied"})
        client.write("photo.add", order, photo)
        client.write(
            "photo.add", order, photo | {"photo": uuid7(), "sha256": hashlib.sha256(order.encode()).hexdigest()}
        )
        client.sync()
        client.upload(content, "image/jpeg")
        doubtful[username] = Doubtful(order, client.person["id"])
    return doubtful["liwei"]


def drawn_photo(*, edited: bool) -> bytes:
    """A pump in a basement, drawn; edited, it is smaller and says what wrote it and when the camera saw it."""
    picture = Image.merge("RGB", [Image.linear_gradient("L").resize((1280, 960))] * 3)
    draw = ImageDraw.Draw(picture)
    for top, colour in ((150, "#9aa3a8"), (330, "#5d7f99"), (700, "#44484b")):
        draw.rectangle((0, top, 1280, top + 46), fill=colour)
    draw.rectangle((420, 520, 900, 760), fill="#2f6f4f")
    draw.ellipse((360, 480, 620, 800), fill="#3c8a63")
    draw.rectangle((860, 580, 1090, 700), fill="#b9482f")
    draw.line((640, 180, 640, 540), fill="#c9cdd0", width=60)
    exif = Image.Exif()
    if edited:
        picture = picture.resize((640, 480))
        exif[ExifTags.Base.Software] = "GIMP 2.10.36"
        two_days_ago = datetime.now(ZoneInfo("Asia/Shanghai")) - timedelta(days=2)
        exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.DateTimeOriginal] = f"{two_days_ago:%Y:%m:%d %H:%M:%S}"
    written = io.BytesIO()
    picture.save(written, "JPEG", quality=85, exif=exif)
    return written.getvalue()


def all_looks(office: Office) -> Iterator[Look]:
    """Each language and light in turn, as the preferences of the office's pages keep them."""
    for look in LOOKS:
        for name, value in (("language", look.language), ("theme", look.theme)):
            cookie = {"name": f"undercroft_office_{name}", "value": value, "domain": "127.0.0.1", "path": "/office"}
            office.context.add_cookies([cookie])  # type: ignore[list-item]  # a plain dict is what it takes
        yield look


def pictures_in_sight(page: Page) -> None:
    """Photos load as they come into sight: bring each one there and wait for it."""
    for picture in page.locator("main img").all():
        picture.scroll_into_view_if_needed()
        expect(picture).to_have_js_property("complete", True)
    page.evaluate("() => window.scrollTo(0, 0)")


if __name__ == "__main__":
    sys.exit(main())
