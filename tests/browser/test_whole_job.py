"""A whole job, from the office into the basement and back: the network is really cut, the browser really killed."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, expect
from pypdf import PdfReader

from server.evidence.datum import to_wgs84
from tests.browser.company import PASSWORD
from tests.browser.office import Office
from tests.browser.phone import Phone, Place

FAULT = "地下室水泵漏水，机械密封处一直滴水"
SITE = "生活水泵"
CUSTOMER_PHONE = "13981346270"
PART = "机械密封 CR32"
DIAGNOSIS = "机械密封磨损"
WORK_DONE = "更换机械密封两套，试运行半小时不漏"
LABOUR = "更换机械密封"
SIGNER = "李刚"
TECHNICIAN = "李伟"
PIN = "70316"
# The site lies in GCJ-02 on the map; a phone that stands 20 m from it says this.
PLACE = Place(*to_wgs84(25.254955 + 0.00018, 110.282591, "GCJ-02"))


@pytest.fixture
def office(browser: Browser, company: str) -> Iterator[Office]:
    """The supervisor's browser."""
    opened = Office(browser, company)
    opened.sign_in("zhangmin", PASSWORD)
    yield opened
    opened.close()


@pytest.fixture
def phone(playwright: Playwright, chromium: str, company: str, tmp_path: Path) -> Iterator[Phone]:
    """The technician's phone, not started."""
    made = Phone(playwright, chromium, tmp_path / "profile", company, place=PLACE)
    yield made
    made.close()


def test_a_whole_job_without_signal_survives_a_dead_phone_and_reaches_the_office(office: Office, phone: Phone) -> None:
    order_page = office.open_order(CUSTOMER_PHONE, SITE, FAULT, TECHNICIAN)
    phone.start()
    phone.sign_in("liwei", PASSWORD)
    # A browser writes its cookies to the disk within half a minute, or as it is closed: the morning passes here.
    phone.close()
    phone.start()
    phone.wait_until_safe()
    phone.open(FAULT)

    phone.cut_network()
    do_the_job(phone)
    before = phone.state()
    assert (before["lines"] > 20, before["photos"]) == (True, 1)
    held = phone.order(FAULT)
    sha256 = held["body"]["photos"][0]["sha256"]
    taken = phone.photo(sha256)

    office.page.goto(order_page)
    expect(office.sheet(office.say("office-arrival"))).to_contain_text(office.say("office-no-news"))

    phone.kill()
    phone.start(offline=True)
    finds_everything(phone, before, held, taken)

    phone.bring_network_back()
    phone.wait_until_safe()
    the_office_sees_it(office, order_page, sha256, taken)


def do_the_job(phone: Phone) -> None:
    """From accepting to leaving, all of it without a network."""
    for step in ("accept", "set-off", "arrive"):
        phone.take_next_step(step)
    phone.register_arrival()
    phone.take_next_step("start")
    phone.take_photo("before")
    phone.answer_checklists()
    phone.use_material("jxmfcr32", PART)
    phone.add_labour(LABOUR, "120")
    phone.back()
    phone.describe("wear", DIAGNOSIS, WORK_DONE)
    phone.take_next_step("sign")
    phone.hand_over_and_sign(SIGNER, PIN)
    phone.take_next_step("depart")
    expect(phone.page.get_by_text(phone.say("phone-saved-departure"))).to_be_visible()


def finds_everything(phone: Phone, before: dict[str, Any], held: dict[str, Any], taken: bytes) -> None:
    """After the death, still without a network: the same document, the same bytes, all of it waiting."""
    phone.page.goto(f"{phone.address}/app/#/outbox")
    waiting = phone.say("phone-outbox-waiting", count=before["lines"] + before["photos"])
    expect(phone.page.get_by_text(waiting, exact=True)).to_be_visible()
    expect(phone.page.get_by_text(phone.say("phone-reach-offline"))).to_be_visible()
    now = phone.order(FAULT)
    assert now["body"] == held["body"]
    assert phone.photo(now["body"]["photos"][0]["sha256"]) == taken
    phone.page.goto(f"{phone.address}/app/#/orders/{held['id']}")
    expect(phone.page.get_by_text(SIGNER).first).to_be_visible()


def the_office_sees_it(office: Office, order_page: str, sha256: str, taken: bytes) -> None:
    """What happened, on the order's page, and the paper."""
    page, say = office.page, office.say
    page.goto(order_page)
    arrival = office.sheet(say("office-arrival"))
    expect(arrival).to_contain_text(say("verdict-verified"))
    expect(arrival).to_contain_text(say("place-inside"))
    photos = office.sheet(say("office-photos", count=1))
    expect(photos).to_contain_text(say("photo-state-stored"))
    expect(photos.locator("img")).to_have_js_property("complete", True)
    original = page.request.get(photos.get_by_role("link", name=say("office-original")).evaluate("link => link.href"))
    assert original.ok
    assert original.body() == taken
    charge = office.sheet(say("office-charge"))
    expect(charge).to_contain_text(say("office-line", name=PART, quantity="2", unit="套"))
    expect(charge).to_contain_text(LABOUR)
    signature = office.sheet(say("office-signature"))
    expect(signature).to_contain_text(say("signature-intact"))
    expect(signature).to_contain_text(SIGNER)
    expect(signature.get_by_role("img", name=say("office-signature-of", name=SIGNER))).to_be_visible()
    paper = page.request.get(page.get_by_role("link", name="PDF", exact=True).evaluate("link => link.href"))
    assert paper.headers["content-type"] == "application/pdf"
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.body())).pages)
    for written in (SIGNER, PART, TECHNICIAN):
        assert written.replace(" ", "") in "".join(text.split())
