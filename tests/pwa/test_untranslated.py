"""A browser that translates pages by itself: the app asks it not to, and undoes what it did all the same."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_conditions import start

# As Chromium's translator does it, in one step or in two; it comes again with every new text.
TRANSLATE = """(in_one) => {
  const replace = (text) => {
    const outer = document.createElement('font');
    outer.appendChild(document.createElement('font')).textContent = `translated ${text.data}`;
    if (in_one) text.replaceWith(outer);
    else { text.parentNode.insertBefore(outer, text); text.remove(); }
  };
  const walk = document.createTreeWalker(document.getElementById('app'), NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walk.nextNode()) if (walk.currentNode.data.trim()) texts.push(walk.currentNode);
  texts.forEach(replace);
}"""
ASKED = """() => [document.documentElement.translate, document.querySelector('meta[name=google]')?.content,
  document.documentElement.lang]"""


def translate(page: Page, in_one: bool) -> None:
    """The translator has been over everything that is shown."""
    page.evaluate(TRANSLATE, in_one)


@pytest.mark.parametrize("in_one", [True, False])
def test_a_translated_screen_goes_on_with_what_is_done(
    in_one: bool, context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    accept, leave = (page.get_by_role("button", name=name) for name in ("接单", "出发"))
    translate(page, in_one)
    accept.click()
    expect(leave).to_be_visible()
    expect(accept).to_have_count(0)
    translate(page, in_one)
    leave.click()
    expect(leave).to_have_count(0)
    expect(page.locator("font")).to_have_count(0)


def test_app_and_office_ask_not_to_be_translated(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    assert page.evaluate(ASKED) == [False, "notranslate", "zh-CN"]
    page.goto(f"{server.url}/office/sign-in")
    assert page.evaluate(ASKED) == [False, "notranslate", "zh-CN"]
