"""Decisions by clicking: a conflict is settled and a held line applied, on the page where they are listed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from apiflask import APIFlask
from playwright.sync_api import Browser, expect

from tests.browser.office import Office
from tests.conftest import PASSWORD
from tests.server.office.inbox_scene import Waiting, everything_waits
from tests.server.office.scene import Scene


@pytest.fixture
def scene(app: APIFlask, password_hash: str) -> Iterator[Scene]:
    """A small company with something to decide."""
    with app.app_context():
        made = Scene(app, password_hash)
        for username, name, role in (
            ("chenhong", "陈红", "supervisor"),
            ("zhangmin", "张敏", "service_desk"),
            ("liwei", "李伟", "technician"),
        ):
            made.person(username, name, role)
        yield made


@pytest.fixture
def waiting(scene: Scene) -> Waiting:
    """What there is to decide."""
    return everything_waits(scene, scene.site("0001", "王先生", "漓江花园"))


@pytest.fixture
def office(browser: Browser, live_server: str, waiting: Waiting) -> Iterator[Office]:
    """The supervisor's browser, in the inbox."""
    opened = Office(browser, live_server)
    opened.sign_in("chenhong", PASSWORD)
    opened.page.get_by_role("link", name=opened.say("office-nav-inbox")).click()
    yield opened
    opened.close()


def test_a_conflict_is_settled_and_held_lines_are_applied_by_clicking(
    office: Office, scene: Scene, waiting: Waiting
) -> None:
    page, say = office.page, office.say
    case = page.locator(f"#order-{waiting.conflict}")
    case.get_by_role("button", name=f"{say('office-take')} {say('office-field-contact-phone')} 13911111111").click()
    expect(page.get_by_text(say("office-said-settled"))).to_be_visible()
    expect(case.get_by_text("13722222222")).to_have_count(0)
    assert scene.body(waiting.conflict)["contact"]["phone"] == "13911111111"

    third = case.locator(".decision").filter(has_text=say("office-field-quantity"))
    third.get_by_text(say("office-third")).click()
    third.get_by_label(say("office-third-value")).fill("6")
    third.get_by_role("button", name=say("office-settle"), exact=True).click()
    expect(page.get_by_text(say("office-said-settled"))).to_be_visible()
    assert scene.body(waiting.conflict)["materials"][0]["quantity"] == "6"

    page.get_by_role("button", name=say("office-held-apply", count=7)).click()
    expect(page.get_by_text(say("office-said-applied-held", count=7))).to_be_visible()
    assert len(scene.body(waiting.strange)["notes"]) == 7


def test_dismissing_asks_for_a_reason_before_it_is_sent(office: Office, scene: Scene, waiting: Waiting) -> None:
    page, say = office.page, office.say
    group = page.get_by_role("article").filter(has=page.get_by_role("button", name=say("office-held-dismiss", count=7)))
    group.get_by_role("button", name=say("office-held-dismiss", count=7)).click()
    expect(group.get_by_label(say("office-comment"), exact=True)).to_be_focused()
    group.get_by_label(say("office-comment"), exact=True).fill("不是他的工单")
    group.get_by_role("button", name=say("office-held-dismiss", count=7)).click()
    expect(page.get_by_text(say("office-said-dismissed-held", count=7))).to_be_visible()
    page.get_by_text(say("office-held-decided"), exact=True).click()
    expect(page.get_by_text("不是他的工单").first).to_be_visible()
