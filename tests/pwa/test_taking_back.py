"""The technician's own way to the phone in a customer's hands: a PIN that works without a network, or the password."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Server
from tests.pwa.test_customer import COVERED, CUT_OFF, EVERYWHERE, FOCUSED, PIN, double_size, draw, hand_over
from tests.pwa.test_screens import choose_pin, enter_pin, lines, start, step, to_the_pad, work

WRONG = "703165"
KEPT = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const pin = await (await store()).get("meta", "pin");
  return typeof pin === "object" ? {...pin, salt: [...pin.salt], bits: [...pin.bits]} : pin;
}"""
LATER = """async (ms) => {
  const {store} = await import("/app/static/app/store/database.js");
  const database = await store();
  const pin = await database.get("meta", "pin");
  await database.put("meta", {...pin, wrong_at: pin.wrong_at - ms}, "pin");
}"""
TRY = """async (all) => {
  const {tryPin} = await import("/app/static/app/store/pin.js");
  return Promise.all(all.map(tryPin));
}"""
FULL_DISK = (
    """() => { IDBObjectStore.prototype.put = () => { throw new DOMException("no room", "QuotaExceededError"); }; }"""
)
# The digits of a Chinese keyboard that is set to full width.
FULL_WIDTH = """(pin) => [...pin].forEach((digit) => document.body.dispatchEvent(
  new KeyboardEvent("keydown", {key: String.fromCharCode(digit.charCodeAt(0) + 0xfee0), bubbles: true})))"""
TOO_SMALL = """() => [...document.querySelectorAll("dialog button")].filter((each) => {
  const {width, height} = each.getBoundingClientRect();
  return Math.min(width, height) < 48;
}).map((each) => each.ariaLabel || each.textContent)"""


def signed(page: Page, held: Locator) -> None:
    """The customer signs and gives the phone back, or keeps it."""
    to_the_pad(page, "王先生")
    draw(page)
    page.locator(".deeds .main").click()
    expect(held).to_contain_text("签字已存到手机")


def ask(page: Page) -> Locator:
    """Press the named button: the keys appear."""
    page.locator(".foot .main", has_text="收回手机").click()
    dialog = page.get_by_role("dialog", name="的 PIN 码")
    expect(dialog).to_be_visible()
    return dialog


def attempt(page: Page, pin: str) -> None:
    """Enter it and end it; the dots are empty once it was judged."""
    enter_pin(page, pin)
    page.locator(".key.done").click()
    expect(page.locator(".dots i.in")).to_have_count(0)


def kept(page: Page) -> Any:  # Any: what the store holds, as JSON
    """What is kept of the PIN on this phone."""
    return page.evaluate(KEPT)


def test_with_a_pin_no_customer_takes_the_phone_back_and_the_signature_is_kept(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    signed(page, held)
    assert len(lines(page, "signature.record")) == 1
    ask(page)
    attempt(page, WRONG)
    for address in EVERYWHERE:
        page.evaluate("(address) => { location.hash = address }", address.format(id=job.id))
        expect(held).to_be_visible()
    for _ in range(8):
        page.evaluate("history.back()")
        expect(held).to_contain_text("请把手机还给师傅")
    for _ in range(30):
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)
    for leave in ("Escape", "Escape", "Enter"):
        page.keyboard.press(leave)
        expect(held).to_contain_text("签字已存到手机")
    page.reload()
    expect(held).to_contain_text("签字已存到手机")
    page.goto("about:blank")
    page.goto(f"{server.url}/app/#/me")
    expect(held).to_contain_text("签字已存到手机")
    second = context.new_page()
    second.goto(f"{server.url}/app/#/outbox")
    expect(second.locator(".customer")).to_contain_text("签字已存到手机")
    second.close()
    assert len(lines(page, "signature.record")) == 1


def test_the_right_pin_takes_the_phone_back_without_a_network(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    signed(page, held)
    context.set_offline(True)
    ask(page)
    attempt(page, WRONG)
    expect(page.get_by_role("alert")).to_contain_text("还可以试 4 次")
    enter_pin(page, PIN)
    page.get_by_role("dialog").get_by_role("button", name="收回手机").click()
    expect(held).to_have_count(0)
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    assert kept(page)["wrong"] == 0
    assert len(lines(page, "signature.record")) == 1


def test_a_tab_that_was_open_before_is_locked_with_the_phone_and_free_with_it(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    other = context.new_page()
    other.goto(f"{server.url}/app/#/me")
    expect(other.get_by_role("heading", name=people.zhang.name)).to_be_visible()
    page.bring_to_front()  # what is behind draws next to never
    work(page)
    step(page, "完工，请客户签字")
    step(page, "把手机交给客户签字")
    choose_pin(page, PIN)
    expect(other.locator(".customer")).to_be_visible()
    page.get_by_role("button", name="先不签").click()
    ask(page)
    enter_pin(page, PIN)
    page.locator(".key.done").click()
    expect(page.locator(".customer")).to_have_count(0)
    expect(other.locator(".customer")).to_have_count(0)


def test_wrong_pins_wait_longer_each_time_and_a_reload_forgets_nothing(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    page.get_by_role("button", name="先不签").click()
    dialog = ask(page)
    for left in ("还可以试 4 次", "还可以试 3 次", "还可以试 2 次", "再错一次就要等待"):
        attempt(page, WRONG)
        expect(dialog.get_by_role("alert")).to_contain_text(left)
    page.reload()
    ask(page)
    attempt(page, WRONG)
    for _ in range(2):
        expect(dialog.get_by_role("timer")).to_contain_text("0:")
        expect(page.locator(".key:enabled")).to_have_count(0)
        page.keyboard.type(PIN)
        expect(page.locator(".dots i.in")).to_have_count(0)
        page.reload()
        ask(page)
    [early] = page.evaluate(TRY, [PIN])
    assert not early["right"] and 20_000 < early["wait_ms"] <= 30_000
    page.evaluate(LATER, 30_001)
    page.reload()
    ask(page)
    attempt(page, WRONG)
    expect(dialog.get_by_role("timer")).to_contain_text("1:00")
    page.evaluate(LATER, 60_001)
    page.reload()
    ask(page)
    page.evaluate(FULL_WIDTH, PIN)
    page.locator(".key.done").click()
    expect(held).to_have_count(0)
    assert kept(page)["wrong"] == 0


def test_the_wait_ends_before_the_eyes_of_whoever_waits(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    page.get_by_role("button", name="先不签").click()
    page.evaluate(TRY, [WRONG] * 5)
    page.evaluate(LATER, 28_500)
    ask(page)
    expect(page.get_by_role("timer")).to_be_visible()
    expect(page.get_by_role("timer")).to_have_count(0)
    enter_pin(page, PIN)
    page.locator(".key.done").click()
    expect(held).to_have_count(0)


def test_tries_count_though_they_are_made_at_once_or_on_a_full_phone_and_a_clock_set_back_adds_no_wait(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    tried = page.evaluate(TRY, [WRONG] * 8 + [PIN])
    assert [one["right"] for one in tried] == [False] * 9
    assert kept(page)["wrong"] == 5
    page.evaluate(LATER, -3_600_000)
    page.reload()
    expect(held).to_be_visible()
    wait = "import('/app/static/app/store/pin.js').then(({pinWait}) => pinWait())"
    assert page.evaluate(wait) <= 30_000
    page.evaluate(LATER, 30_001)
    assert page.evaluate(wait) == 0
    page.evaluate(FULL_DISK)
    assert [one["wait_ms"] for one in page.evaluate(TRY, [WRONG])] == [60_000]
    assert page.evaluate(TRY, [PIN])[0]["wait_ms"] > 50_000
    assert kept(page)["wrong"] == 5


def test_of_a_pin_only_what_is_derived_from_it_is_kept_and_nothing_is_sent(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    sent: list[bytes] = []
    context.on("request", lambda request: sent.append(request.post_data_buffer or b""))
    page, held = hand_over(context, server, people, job, PIN)
    signed(page, held)
    page.evaluate("import('/app/static/app/sync/exchange.js').then(({sendNow}) => sendNow())")
    pin = kept(page)
    salt, bits = bytes(pin.pop("salt")), bytes(pin.pop("bits"))
    assert pin == {"iterations": 300_000, "wrong": 0, "wrong_at": 0}
    assert len(salt) == 16
    assert bits == hashlib.pbkdf2_hmac("sha256", PIN.encode(), salt, 300_000)
    assert any(sent)
    assert not any(PIN.encode() in body or bits in body or b"pbkdf" in body.lower() for body in sent)


def test_who_forgot_the_pin_takes_the_phone_back_with_the_password_and_loses_nothing(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    signed(page, held)
    page.evaluate(TRY, [WRONG] * 5)
    ask(page)
    page.get_by_role("button", name="忘记 PIN 码？").click()
    form = page.get_by_role("dialog", name="用密码登录")
    expect(form).to_contain_text(people.zhang.name)
    context.set_offline(True)
    expect(form).to_contain_text("现在没有信号")
    form.get_by_label("密码").fill(people.zhang.password)
    form.get_by_role("button", name="登录", exact=True).click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(held).to_be_visible()
    context.set_offline(False)
    for password in ("no-password-of-theirs", people.li.password + "x"):
        form.get_by_label("密码").fill(password)
        form.get_by_role("button", name="登录", exact=True).click()
        expect(form.get_by_role("alert")).to_contain_text("密码")
        expect(held).to_be_visible()
    assert kept(page)["wrong"] == 5
    form.get_by_label("密码").fill(people.zhang.password)
    form.get_by_role("button", name="登录", exact=True).click()
    expect(held).to_have_count(0)
    expect(page.locator(".foot .main")).to_have_text("离开现场")
    assert kept(page) is None
    assert len(lines(page, "signature.record")) == 1


def test_the_pin_is_offered_once_and_without_one_the_named_button_takes_the_phone_back(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    offer, held = page.get_by_role("dialog", name="设置 PIN 码"), page.locator(".customer")
    step(page, "把手机交给客户签字")
    expect(offer).to_be_visible()
    page.keyboard.press("Escape")
    expect(offer).to_have_count(0)
    expect(held).to_have_count(0)
    step(page, "把手机交给客户签字")
    offer.get_by_role("button", name="暂不设置").click()
    for _ in range(2):
        expect(held).to_be_visible()
        page.get_by_role("button", name="先不签").click()
        page.get_by_role("button", name="收回手机").click()
        expect(held).to_have_count(0)
        step(page, "把手机交给客户签字")
    expect(held).to_be_visible()
    assert kept(page) == "declined"


def test_a_pin_is_set_changed_and_removed_under_me_and_only_by_who_knows_it(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    context.set_offline(True)
    page.evaluate("location.hash = '#/me'")
    setting = page.locator("section", has=page.get_by_text("收回手机的 PIN 码"))
    setting.get_by_role("button", name="设置 PIN 码").click()
    enter_pin(page, "123")
    expect(page.get_by_role("button", name="下一步")).to_be_disabled()
    enter_pin(page, "4567890")
    expect(page.locator(".dots i.in")).to_have_count(8)
    page.get_by_role("button", name="下一步").click()
    enter_pin(page, "12345679")
    page.get_by_role("button", name="保存 PIN 码").click()
    expect(page.get_by_role("alert")).to_contain_text("两次输入不一样")
    assert kept(page) is None
    choose_pin(page, "1234")
    expect(setting).to_contain_text("已设置")

    setting.get_by_role("button", name="更改").click()
    attempt(page, "4321")
    expect(page.get_by_role("alert")).to_contain_text("PIN 码不对")
    enter_pin(page, "1234")
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("dialog", name="设置 PIN 码")).to_be_visible()
    choose_pin(page, PIN)
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert [one["right"] for one in page.evaluate(TRY, [PIN])] == [True]

    setting.get_by_role("button", name="取消 PIN 码").click()
    attempt(page, "1234")
    expect(page.get_by_role("alert")).to_contain_text("PIN 码不对")
    enter_pin(page, PIN)
    page.get_by_role("dialog").get_by_role("button", name="取消 PIN 码").click()
    expect(setting).to_contain_text("未设置")
    assert kept(page) == "declined"


def test_the_keys_speak_and_a_keyboard_will_do(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, held = hand_over(context, server, people, job, PIN)
    page.get_by_role("button", name="先不签").click()
    dialog = ask(page)
    dots = dialog.locator(".dots")
    expect(dots).to_have_role("status")
    expect(dots).to_be_focused()
    page.keyboard.type("703x")
    expect(dots).to_have_text("已输入 3 位")
    dialog.get_by_role("button", name="删除最后一位").click()
    page.keyboard.press("Backspace")
    expect(dots).to_have_text("已输入 1 位")
    page.keyboard.press("Enter")
    expect(dots).to_have_text("已输入 1 位")
    page.keyboard.type(PIN[1:])
    page.keyboard.press("Enter")
    expect(held).to_have_count(0)


@pytest.mark.parametrize("size", [(360, 740), (740, 360)])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_the_keys_are_large_and_whole_at_double_size(
    language: str, size: tuple[int, int], context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page, _ = hand_over(context, server, people, job, PIN)
    page.get_by_role("button", name="先不签").click()
    page.evaluate("(language) => localStorage.setItem('undercroft-language', language)", language)
    double_size(context, page, "the app")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(reduced_motion="reduce")
    page.locator(".foot .main").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_have_attribute("lang", language)

    def whole() -> None:
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(COVERED.replace(".customer :is", ".customer dialog :is")) == []
        assert page.evaluate(TOO_SMALL) == []

    whole()
    for _ in range(5):
        attempt(page, WRONG)
    expect(dialog.get_by_role("timer")).to_be_visible()
    whole()
    dialog.locator(".plain").click()
    expect(dialog.locator("input")).to_be_visible()
    whole()
