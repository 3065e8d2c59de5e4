"""The phone in the customer's hands: readable at double size, nothing else in reach, back only to its technician."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_screens import enter_pin, hand_to_customer, lines, start, step, to_the_pad, work

SOME_WORK = """async (target) => {
  const {save} = await import("/app/static/app/ui/save.js");
  const {newId} = await import("/app/static/app/ledger/record.js");
  const material = {part: null, unit: "pc", unit_price: 1285000, source: "bought"};
  await save([
    {kind: "order.edit", target, data: {changes: {
      diagnosis: {was: "", now: "机械密封磨损，轴套表面有沟痕"},
      work_done: {was: "", now: "更换机械密封，试运行 30 分钟无渗漏"}}}},
    {kind: "material.add", target, data: {...material, line: newId(), quantity: "1", name: "机械密封 CR32"}},
    {kind: "material.add", target, data: {...material, line: newId(), quantity: "12.5", serial: "SN-2025-000981-A",
      name: "Stainless steel flexible hose DN25 with union nuts"}},
    {kind: "labour.add", target, data: {line: newId(), name: "水泵检修", unit: "h", quantity: "1", unit_price: 9}}]);
}"""
# What a reader of large type would miss: pages that scroll sideways, and texts that their box cuts off.
CUT_OFF = """() => {
  const wide = [document.documentElement, ...document.querySelectorAll(".phone, .body, dialog")]
    .filter((each) => each.scrollWidth > each.clientWidth).map((each) => `scrolls: ${each.className}`);
  const own = (each) => [...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim() !== "");
  const cut = [...document.querySelectorAll("#app *")].filter((each) => {
    if (!own(each) || each.closest(".unseen, .toasts")) return false;
    const {left, right} = each.getBoundingClientRect();
    const clips = getComputedStyle(each).overflow !== "visible"
      && (each.scrollWidth > each.clientWidth + 1 || each.scrollHeight > each.clientHeight + 1);
    return left < -0.5 || right > innerWidth + 0.5 || clips;
  });
  return [...wide, ...cut.map((each) => `cut off: ${each.textContent}`)];
}"""
# Of what is under the thumb nothing lies under something else, wherever the page is scrolled to.
COVERED = """() => [...document.querySelectorAll(".customer :is(button, input, textarea)")].filter((each) => {
  each.scrollIntoView({block: "center"});
  const {left, right, top, bottom} = each.getBoundingClientRect();
  const there = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  return !(each.contains(there) || there?.closest("label")?.contains(each));
}).map((each) => each.textContent || each.name)"""
FOCUSED = """() => document.activeElement === document.body || document.activeElement.closest(".customer") !== null"""
PIN = "703164"
EVERYWHERE = ("#/today", "#/me", "#/outbox", "#/new", "#/conflicts", "#/orders/{id}", "#/orders/{id}/photos", "#/", "#")
CUSTOMERS = {
    "zh-CN": ("中文", "您的姓名", "我已阅读，下一步", "有不对的地方", "请把手机还给师傅", "租户", "不评价"),
    "en": (
        "English",
        "Your name",
        "I have read this",
        "Something is wrong",
        "Please hand the phone back",
        "Tenant",
        "No rating",
    ),
}


def hand_over(
    context: BrowserContext, server: Server, people: People, job: Job, pin: str | None = None
) -> tuple[Page, Locator]:
    """A job that is done, in the customer's hands."""
    page = start(context, server, people.zhang, job)
    work(page)
    page.evaluate(SOME_WORK, job.id)
    step(page, "完工，请客户签字")
    hand_to_customer(page, pin)
    held = page.locator(".customer")
    expect(held).to_be_visible()
    return page, held


def double_size(context: BrowserContext, page: Page, by: str) -> None:
    """Twice the usual text, set in this app or, as phones and browsers do for all pages, outside of it."""
    page.set_viewport_size({"width": 360, "height": 740})
    if by == "the app":
        page.evaluate("localStorage.setItem('undercroft.text-scale', '2')")
    else:
        sizes = {"fontSizes": {"standard": 32, "fixed": 26}}
        context.new_cdp_session(page).send("Page.setFontSizes", sizes)
    page.reload()
    expect(page.locator(".customer")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "32px"


def draw(page: Page) -> None:
    """A stroke along the line of the pad."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.6, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.65, box["y"] + box["height"] * 0.8, steps=20)
    page.mouse.up()


@pytest.mark.parametrize("by", ["the app", "the phone"])
@pytest.mark.parametrize("language", sorted(CUSTOMERS))
def test_a_customer_reads_and_signs_at_double_size_and_the_technician_takes_the_phone_back(
    language: str, by: str, context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    own, name, read, wrong, back, role, unrated = CUSTOMERS[language]
    page, held = hand_over(context, server, people, job, PIN)
    double_size(context, page, by)
    page.get_by_role("button", name=own, exact=True).click()
    expect(page.locator(".report")).to_have_attribute("lang", language)
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(COVERED) == []
    assert page.locator(".report").evaluate("(report) => parseFloat(getComputedStyle(report).fontSize)") >= 32
    page.get_by_role("button", name=wrong).click()
    expect(page.get_by_role("dialog")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_label(name).fill("欧阳先生 Mr. Ouyang")
    page.get_by_role("radio", name=role).click()
    page.locator(".foot .main", has_text=read).click()
    page.get_by_role("radio", name=unrated).click()
    assert page.evaluate(CUT_OFF) == []
    assert page.evaluate(COVERED) == []
    page.locator(".foot .main").click()
    expect(page.locator("canvas")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    draw(page)
    page.locator(".deeds .main").click()
    expect(held).to_contain_text(back)
    assert page.evaluate(CUT_OFF) == []
    for leave in ("history.back()", "location.hash = '#/me'"):
        page.evaluate(leave)
        expect(held).to_contain_text(back)
    page.locator(".foot .main").click()
    expect(page.get_by_role("dialog", name="的 PIN 码")).to_be_visible()
    assert page.evaluate(CUT_OFF) == []
    enter_pin(page, PIN)
    page.locator(".key.done").click()
    expect(held).to_have_count(0)
    [signature] = lines(page, "signature.record")
    assert len(signature["data"]["strokes"][0]) >= 10
    assert signature["data"]["signer"]["name"] == "欧阳先生 Mr. Ouyang"
    assert json.loads(signature["data"]["report"])["language"] == language


def test_nothing_but_the_report_is_within_a_customers_reach(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job)

    def still_held() -> None:
        expect(held).to_be_visible()
        expect(held).to_contain_text("请阅读并签字")
        expect(page.locator("a[href], .tabs, .bar, .toast, .new-version")).to_have_count(0)

    still_held()
    for address in EVERYWHERE:
        page.evaluate("(address) => { location.hash = address }", address.format(id=job.id))
        still_held()
        page.goto(f"{server.url}/app/{address.format(id=job.id)}")
        still_held()
    for _ in range(12):
        page.evaluate("history.back()")
        still_held()
    page.evaluate("history.forward()")
    still_held()
    page.reload()
    still_held()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)
    second = context.new_page()
    second.goto(f"{server.url}/app/#/me")
    expect(second.locator(".customer")).to_contain_text("请阅读并签字")
    second.close()
    assert lines(page, "signature.record") == []


def test_the_phone_comes_back_by_its_technicians_press_alone_with_the_signature_kept(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job)
    to_the_pad(page, "王先生")
    draw(page)
    page.locator(".deeds .main").click()
    expect(held).to_contain_text("请把手机还给师傅")
    for leave in ("history.back()", "location.hash = '#/today'", "location.reload()"):
        page.evaluate(leave)
        expect(held).to_contain_text("签字已存到手机")
        expect(page.locator("button")).to_have_count(1)
    page.keyboard.press("Escape")
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/me")
    expect(held).to_contain_text("签字已存到手机")
    page.get_by_role("button", name="收回手机").click()
    expect(held).to_have_count(0)
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    assert len(lines(page, "signature.record")) == 1
    page.evaluate("history.back()")
    expect(held).to_have_count(0)


def test_who_is_handed_the_phone_next_finds_nothing_that_somebody_said_before(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, _ = hand_over(context, server, people, job)
    page.get_by_role("button", name="有不对的地方").click()
    page.get_by_role("dialog").get_by_role("textbox").fill("价钱不对")
    page.keyboard.press("Escape")
    page.get_by_label("您的姓名").fill("覃女士")
    page.get_by_role("radio", name="业主", exact=True).click()
    step(page, "我已阅读，下一步")
    page.get_by_role("radio", name="2 星").click()
    page.get_by_label("可以写一句话").fill("来晚了")
    page.get_by_role("button", name="先不签").click()
    page.get_by_role("button", name="收回手机").click()
    step(page, "把手机交给客户签字")
    expect(page.get_by_label("您的姓名")).to_have_value("")
    expect(page.locator('.customer [role="radio"][aria-checked="true"]')).to_have_count(0)
    page.get_by_role("button", name="有不对的地方").click()
    expect(page.get_by_role("dialog").get_by_role("textbox")).to_have_value("")
    page.keyboard.press("Escape")
    page.get_by_label("您的姓名").fill("卢先生")
    page.get_by_role("radio", name="租户", exact=True).click()
    step(page, "我已阅读，下一步")
    expect(page.locator('.customer [role="radio"][aria-checked="true"]')).to_have_count(0)
    expect(page.get_by_label("可以写一句话")).to_have_value("")
