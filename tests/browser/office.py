"""The office: a desktop browser, signed in as somebody of the office."""

from __future__ import annotations

import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.words import Words

SIZE = {"width": 1440, "height": 900}


class Office:
    """One desktop browser."""

    def __init__(self, browser: Browser, address: str, *, language: str = "zh-CN", dark: bool = False) -> None:
        self.say = Words(language)
        self.address = address
        self.context = browser.new_context(viewport=SIZE, locale=language, color_scheme="dark" if dark else "light")
        self.page: Page = self.context.new_page()

    def close(self) -> None:
        """Close this browser window."""
        self.context.close()

    def button(self, message_id: str) -> Locator:
        """The button with this text."""
        return self.page.get_by_role("button", name=self.say(message_id), exact=True)

    def sign_in(self, username: str, password: str) -> None:
        """Sign in and land on Today."""
        self.page.goto(f"{self.address}/office/")
        self.page.get_by_label(self.say("office-username")).fill(username)
        self.page.get_by_label(self.say("office-password")).fill(password)
        self.button("office-sign-in").click()
        expect(self.page.get_by_role("heading", name=self.say("office-nav-today"), level=1)).to_be_visible()

    def open_order(self, phone: str, place: str, fault: str, technician: str) -> str:
        """Take a fault in by telephone and give it to a technician for today; the new order's address."""
        page, say = self.page, self.say
        page.get_by_role("link", name=say("office-nav-intake")).first.click()
        page.get_by_role("searchbox").fill(phone)
        page.get_by_role("link").filter(has_text=phone).click()
        page.get_by_role("radio", name=re.compile(place)).check()
        page.get_by_role("textbox", name=say("office-field-fault")).fill(fault)
        page.get_by_role("checkbox", name=re.compile(technician)).check()
        page.get_by_label(say("office-day"), exact=True).fill(f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d}")
        page.get_by_label(say("office-from"), exact=True).fill("00:00")
        page.get_by_label(say("office-until"), exact=True).fill("23:59")
        self.button("office-open-order").click()
        expect(page.get_by_role("heading", name=fault, level=1)).to_be_visible()
        return page.url

    def sheet(self, heading: str | re.Pattern[str]) -> Locator:
        """The part of an order's page under this heading."""
        return self.page.get_by_role("region", name=heading)
