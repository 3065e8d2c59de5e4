"""Nobody's word is put into their mouth: what a person has to say is not said for them."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_customer import draw
from tests.pwa.test_overlays import to_customer, to_part, to_sign
from tests.pwa.test_screens import lines, start, step

CONTACT = "叠彩苑物业服务中心"
# The order says whom to call.
CALLED = """async ([target, name]) => {
  const {record} = await import("/app/static/app/ledger/record.js");
  await record([{kind: "order.edit", target, data: {changes: {"contact.name": {was: null, now: name}}}}]);
}"""
ANSWERED = """() => [...document.querySelectorAll('[role="radio"][aria-checked="true"], :checked')]
  .map((each) => each.closest('[role="radiogroup"]')?.ariaLabel ?? each.name)"""
TYPED = """() => [...document.querySelectorAll("input:not([hidden], [type=file]), textarea")]
  .filter((each) => each.value !== "").map((each) => each.closest("label")?.textContent ?? each.ariaLabel)"""
# No answers of a person: in which language a text is shown, what a photo will show until it is said otherwise, from
# where parts usually come.
SETTINGS = {"客户看哪种语言", "照片用途", "来源"}


def to_new(page: Page, _: Job) -> None:
    page.evaluate("location.hash = '#/new'")


def to_refusal(page: Page, job: Job) -> None:
    to_sign(page, job)
    page.get_by_role("button", name="客户不在 / 拒签").click()


FORMS = {"checklist": to_part("checklist"), "customer": to_customer, "refusal": to_refusal, "new order": to_new}


@pytest.mark.parametrize("form", FORMS)
def test_a_form_that_a_person_answers_is_empty(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job, form: str
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(CALLED, [job.id, CONTACT])
    FORMS[form](page, job)
    expect(page.get_by_role("radio").first).to_be_visible()
    assert set(page.evaluate(ANSWERED)) <= SETTINGS
    assert page.evaluate(TYPED) == []


def test_the_signer_says_who_they_are_and_gives_stars_or_none(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    page.evaluate(CALLED, [job.id, CONTACT])
    to_customer(page, job)
    step(page, "我已阅读，下一步")
    expect(page.get_by_text("请填写姓名")).to_be_in_viewport()
    expect(page.get_by_text("请选择您的身份")).to_be_in_viewport()
    page.get_by_role("button", name=f"我是{CONTACT}").click()
    expect(page.get_by_label("您的姓名")).to_have_value(CONTACT)
    step(page, "我已阅读，下一步")
    expect(page.get_by_text("请选择您的身份")).to_be_visible()
    page.get_by_role("radio", name="物业", exact=True).click()
    step(page, "我已阅读，下一步")
    # The stars are asked for, and no scrolling leads past them.
    expect(page.get_by_role("radio", name="5 星")).to_be_in_viewport()
    assert page.evaluate(ANSWERED) == []
    step(page, "去签字")
    expect(page.get_by_text("请选几颗星，或选“不评价”")).to_be_visible()
    expect(page.locator("canvas")).to_have_count(0)
    page.get_by_role("radio", name="3 星").click()
    page.get_by_role("radio", name="不评价").click()
    expect(page.get_by_role("radio", name="3 星")).to_have_attribute("aria-checked", "false")
    step(page, "去签字")
    draw(page)
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".customer")).to_contain_text("请把手机还给师傅")
    [signature] = lines(page, "signature.record")
    assert signature["data"]["signer"] == {"name": CONTACT, "role": "property_manager"}
    assert signature["data"]["rating"] is None


def test_why_nobody_signed_is_said_before_the_job_ends(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    to_refusal(page, job)
    finish = page.get_by_role("button", name="不签字，完工")
    expect(finish).to_be_disabled()
    page.get_by_role("radio", name="客户拒绝签字").click()
    finish.click()
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    assert [line["data"] for line in lines(page, "signature.refuse")] == [{"reason": "refused"}]
