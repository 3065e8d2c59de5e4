"""What is typed on the phone is there again: after the way back, after a death, and on a full disk."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.conftest import People
from tests.pwa.conftest import CHINESE, Film, Job, MortalPhone, Server
from tests.pwa.test_conditions import SEND
from tests.pwa.test_order_that_leaves import draw
from tests.pwa.test_screens import hand_to_customer, lines, start, step
from tests.pwa.waiting import until

APP = Path(__file__).resolve().parents[2] / "pwa/static/app"
# Everything that can be typed into: where it stands, and what it is called in the catalogue.
WALKED = {
    ("ui/field.js", "label"): "SharedField: order/diagnosis, order/work_done, order/phone",
    ("documents/work_order/screens/next_step.js", "phone-reason-own"): "pause/own",
    ("documents/parts/line_forms.js", "phone-line-name"): "other/name",
    ("documents/parts/line_forms.js", "phone-labour-name"): "labour/name",
    ("documents/parts/line_forms.js", "phone-labour-method"): "labour/method",
    ("documents/parts/line_forms.js", "phone-line-quantity"): "other/quantity",
    ("documents/parts/line_forms.js", "phone-line-unit"): "other/unit",
    ("documents/parts/line_forms.js", "phone-line-price"): "other/price",
    ("ui/stepper.js", "phone-quantity"): "quantity/quantity",
    ("documents/work_order/screens/refuse_dialog.js", "phone-refuse-comment"): "refuse/comment",
    ("documents/parts/customer_rating.js", "phone-sign-comment"): "rating/comment",
    ("documents/parts/customer_reading.js", "phone-sign-name"): "customer/name",
    ("documents/parts/customer_reading.js", "phone-sign-wrong-what"): "objection/words",
    ("documents/work_order/screens/checklist.js", "label"): "checklist/number",
    ("documents/work_order/screens/photos.js", "phone-photo-caption"): "photos/caption",
    ("documents/work_order/screens/new_order.js", "phone-order-fault"): "new/fault",
    ("documents/work_order/screens/new_order.js", "phone-order-requests"): "new/requests",
    ("documents/work_order/screens/new_order.js", "phone-new-contact"): "new/name",
    ("documents/work_order/screens/new_order.js", "phone-order-phone"): "new/phone",
    ("documents/work_order/screens/order.js", "phone-order-diagnosis"): "order/diagnosis",
    ("documents/work_order/screens/order.js", "phone-order-work-done"): "order/work_done",
    ("documents/work_order/screens/order.js", "phone-order-phone"): "order/phone",
    ("documents/parts/photo_words.js", "phone-photo-caption"): "test_a_half_written_caption_survives_a_death",
    ("shell/phone_name.js", "phone-name"): "test_a_phone_is_named_at_the_sign_in_and_renamed_on_me",
    ("documents/work_order/screens/conflict_input.js", "label"): "test_a_half_written_third_value_survives_a_restart",
}
# No draft: a secret, a search, or no text at all; or nobody is signed in, and there is no store to keep it in.
NOT_KEPT = {
    ("shell/own_password.js", "phone-password-old"),
    ("shell/own_password.js", "phone-password-new"),
    ("shell/own_password.js", "username"),
    ("shell/own_sessions.js", "phone-sessions-password"),
    ("shell/own_sessions.js", "username"),
    ("ui/ask_pin.js", "phone-password"),
    ("shell/sign_in.js", "phone-username"),
    ("shell/sign_in.js", "phone-password"),
    ("shell/sign_in.js", "phone-name"),
    ("shell/today.js", "phone-search"),
    ("documents/work_order/screens/materials.js", "phone-material-search"),
    ("documents/work_order/screens/new_order.js", "phone-new-place-search"),
    ("documents/work_order/screens/photos.js", "file"),
}
TYPED_INTO = re.compile(r"<\$\{(?:Shared|Figure)?Field\}|<input\b|<textarea\b")
NAMED = re.compile(
    r'(?:aria-label|label)=\$\{[^}]*?(?:t|say)\("([\w-]+)"|autocomplete="(username)" hidden|type="(file)"|(label)='
)
BEGIN = """async ([id, line]) => {
  const {record} = await import("/app/static/app/ledger/record.js");
  const stages = ["accepted", "en_route", "on_site", "working"];
  await record([...stages.map((to) => ({kind: "order.stage", target: id, data: {to}})),
    {kind: "labour.add", target: id, data: {line, name: "检修", unit: "小时", quantity: "1", unit_price: 100}}]);
}"""
DRAFTS = """async (text) => JSON.stringify(await (await (await import("/app/static/app/store/database.js")).store())
  .getAll("drafts")).includes(text)"""
FULL = """() => {
  for (const name of ["put", "add"]) {
    const really = IDBObjectStore.prototype[name];
    IDBObjectStore.prototype[name] = function (...given) {
      if (globalThis.isFull) throw new DOMException("no room", "QuotaExceededError");
      return really.apply(this, given);
    };
  }
  globalThis.isFull = true;
}"""
ASKED_BEFORE_CLOSING = "() => !dispatchEvent(new Event('beforeunload', {cancelable: true}))"
# Keeps the drafts busy until letGo(), as on a slow phone.
BUSY = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const drafts = (await store()).transaction(["drafts"], "readwrite").objectStore("drafts");
  let waits = true;
  window.letGo = () => { waits = false; };
  const busy = () => { if (waits) drafts.get("nothing").then(busy); };
  busy();
}"""
# No draft that says that the signature is there comes to the disk.
DEAF = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (this.name === "drafts" && value.value?.saved) return this.get("nothing");
    return put.call(this, value, ...key);
  };
}"""
SIGNED = """async () => (await (await (await import("/app/static/app/store/database.js")).store())
  .getAll("lines")).some(({kind}) => kind === "signature.record")"""
HOLDS = "async () => (await import('/app/static/app/ui/unkept_texts.js')).holdsBack()"
LINE = "01a22a2d-0000-7000-8000-000000000001"


@dataclass(frozen=True)
class Form:
    """Fields that are typed into at one place: by which address and touches one comes there, and what is typed."""

    screen: str
    touches: tuple[str, ...]
    typed: dict[str, str]

    def open(self, page: Page, job: Job) -> None:
        """Come there; what lies over the screen goes."""
        page.keyboard.press("Escape")
        # What is closed goes one step back, and the browser takes its time for it.
        until(page, "() => (history.state?.over ?? 0) === 0")
        page.evaluate("screen => { location.hash = '#/' + screen }", self.screen.format(job=job.id))
        for name in self.touches:
            # Not by the place: what could not be recorded on leaving is said over it.
            page.get_by_role("button", name=name, exact=True).last.dispatch_event("click")

    def fields(self, page: Page) -> list[tuple[Locator, str]]:
        """Each field with its text."""
        return [(page.get_by_label(name).last, text) for name, text in self.typed.items()]

    def fill(self, page: Page) -> None:
        """Type."""
        for field, text in self.fields(page):
            field.fill(text)

    def stands(self, page: Page) -> None:
        """All of it is on the screen."""
        for field, text in self.fields(page):
            expect(field).to_have_value(text)


FORMS = {
    "order": Form("orders/{job}", (), {"诊断": "轴封磨损", "处理方法": "换机封", "联系电话": "13800001111"}),
    "pause": Form("orders/{job}", ("暂停（待件…）",), {"其他原因": "等钥匙"}),
    "other": Form("orders/{job}/materials", ("目录外",), {"名称": "软管", "数量": "7.5", "单位": "米", "单价": "3.5"}),
    "labour": Form("orders/{job}/materials", ("添加",), {"维修项目": "吊装", "处理方法": "人工"}),
    "quantity": Form("orders/{job}/materials", (), {"检修：数量": "2.25"}),
    "checklist": Form("orders/{job}/checklist", (), {"MPa": "0.45"}),
    "photos": Form("orders/{job}/photos", (), {"说明": "三号泵铭牌"}),
    "new": Form(
        "new", (), {"报修内容": "电梯异响", "业主要求": "先来电", "联系人": "陈先生", "联系电话": "13900002222"}
    ),
    "refuse": Form("orders/{job}/sign", ("客户不在 / 拒签",), {"补充说明": "门锁着"}),
}
CUSTOMER = Form("orders/{job}/sign", (), {"您的姓名": "王女士"})
RATING = Form("orders/{job}/sign", (), {"可以写一句话": "师傅很准时"})
OBJECTION = Form("orders/{job}/sign", ("有不对的地方",), {"哪里不对": "数量不对"})


def found() -> Counter[tuple[str, str]]:
    """Every place in the app that can be typed into."""
    places: Counter[tuple[str, str]] = Counter()
    for path in sorted(APP.rglob("*.js")):
        text = path.read_text()
        for hit in TYPED_INTO.finditer(text):
            if path.name == "figure.js" or (path.name == "field.js" and hit.group() in ("<input", "<textarea")):
                continue  # The fields themselves.
            named = NAMED.search(text, hit.end(), hit.end() + 400)
            name = next(filter(None, named.groups()), "") if named else ""
            places[(str(path.relative_to(APP)), name)] += 1
    return places


def test_every_field_that_can_be_typed_into_is_walked() -> None:
    assert set(found()) == WALKED.keys() | NOT_KEPT


def at_work(page: Page, job: Job) -> None:
    """The job is under way, with one line of labour."""
    page.evaluate(BEGIN, [job.id, LINE])
    expect(page.locator(".foot .main")).to_have_text("完工，请客户签字")


def again(phone: MortalPhone, server: Server) -> Page:
    """The app on the phone that died."""
    phone.start().context.add_init_script(CHINESE)
    page = phone.context.new_page()
    page.goto(f"{server.url}/app/")
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
    return page


def test_what_is_typed_is_there_after_the_way_back_and_after_a_death(
    mortal_phone: MortalPhone, server: Server, people: People, checklist: str, job: Job
) -> None:
    mortal_phone.context.add_init_script(CHINESE)
    page = start(mortal_phone.context, server, people.zhang, job)
    at_work(page, job)
    # Nothing is called kept before it is on the disk.
    page.evaluate(BUSY)
    FORMS["order"].fill(page)
    expect(page.get_by_text("没有存下")).to_have_count(0)
    expect(page.get_by_text("草稿已留")).to_have_count(0)
    page.evaluate("letGo()")
    expect(page.get_by_text("草稿已留").first).to_be_visible()
    for form in FORMS.values():
        form.open(page, job)
        form.fill(page)
        page.go_back()
        form.open(page, job)
        form.stands(page)
    # Not left, but died with the last sign typed.
    for form in (FORMS["quantity"], FORMS["order"]):
        form.open(page, job)
        field, text = form.fields(page)[0]
        field.fill(f"{text}5")
        until(page, DRAFTS, f"{text}5")
        mortal_phone.kill()
        page = again(mortal_phone, server)
        form.open(page, job)
        [field, *_] = [field for field, _ in form.fields(page)]
        expect(field).to_have_value(f"{text}5")
        field.fill(text)
    for form in FORMS.values():
        form.open(page, job)
        form.stands(page)


def test_on_a_full_phone_typed_text_is_said_to_be_unkept_and_holds_one_back(
    context: BrowserContext, server: Server, people: People, checklist: str, job: Job, film: Film
) -> None:
    page = start(context, server, people.zhang, job)
    at_work(page, job)
    context.set_offline(True)
    page.evaluate(FULL)
    # At once, and over everything that may lie on the screen.
    page.get_by_label("诊断").fill("轴封")
    expect(page.locator(".toast.wrong", has_text="刚才输入的文字没有存下")).to_be_visible()
    expect(page.get_by_text("没有存下，只在屏幕上", exact=True)).to_be_visible()
    film(page)
    asking = page.get_by_role("dialog", name="输入的文字还没有存下")
    for name, form in FORMS.items():
        form.open(page, job)
        form.fill(page)
        expect(page.locator(".notice", has_text="刚才输入的文字没有存下"), name).to_be_visible()
        until(page, HOLDS)
        assert page.evaluate(ASKED_BEFORE_CLOSING), name
        if form.touches:  # Back closes the sheet, and keeps what was typed on it.
            until(page, "() => history.state?.over === 1")
            page.go_back()
            expect(page.locator("dialog.ask"), name).to_have_count(0)
        page.go_back()
        expect(asking, name).to_be_visible()
        film(page)
        asking.get_by_role("button", name="留在这里").click()
        expect(asking, name).to_have_count(0)
        if not form.touches:
            form.stands(page)
        until(page, "() => (history.state?.over ?? 0) === 0")
        page.go_back()
        asking.get_by_role("button", name="仍然离开").click()
        expect(asking, name).to_have_count(0)
        form.open(page, job)
        form.stands(page)
    page.evaluate("() => { globalThis.isFull = false; }")
    page.keyboard.press("Escape")
    page.locator(".notice").get_by_role("button", name="再存一次").click()
    expect(page.locator(".notice", has_text="刚才输入的文字没有存下")).to_have_count(0)
    film(page)
    assert not page.evaluate(ASKED_BEFORE_CLOSING)
    assert all(page.evaluate(DRAFTS, text) for form in FORMS.values() for text in form.typed.values())


def reopened(page: Page, server: Server) -> None:
    """As after a death: another run of the app on what is on the disk."""
    page.goto("about:blank")
    page.goto(f"{server.url}/app/")


def test_what_a_customer_types_and_draws_is_there_after_a_death_and_a_signature_counts_once(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    at_work(page, job)
    CUSTOMER.open(page, job)
    hand_to_customer(page)
    CUSTOMER.fill(page)
    page.get_by_role("button", name="有不对的地方").click()
    OBJECTION.fill(page)
    until(page, DRAFTS, "数量不对")
    reopened(page, server)
    CUSTOMER.stands(page)
    page.get_by_role("button", name="有不对的地方").click()
    OBJECTION.stands(page)
    page.keyboard.press("Escape")

    page.get_by_role("radio", name="业主", exact=True).click()
    step(page, "我已阅读，下一步")
    RATING.fill(page)
    page.get_by_role("radio", name="4 星").click()
    until(page, DRAFTS, '"score":4')
    reopened(page, server)
    RATING.stands(page)
    step(page, "去签字")
    draw(page)
    until(page, DRAFTS, '"groups":[{')
    reopened(page, server)
    expect(page.get_by_role("button", name="确认", exact=True)).to_be_enabled()
    # The app dies after the signature is on the disk, and before the screen knows.
    page.evaluate(DEAF)
    page.get_by_role("button", name="确认", exact=True).click()
    until(page, SIGNED)
    [signature] = lines(page, "signature.record")
    assert len(signature["data"]["strokes"]) == 1 and len(signature["data"]["strokes"][0]) > 2
    reopened(page, server)
    expect(page.locator(".customer")).to_contain_text("请把手机还给师傅")
    expect(page.locator("canvas")).to_have_count(0)
    page.get_by_role("button", name="收回手机").click()
    assert len(lines(page, "signature.record")) == 1


def test_what_a_customer_types_on_a_full_phone_stays_and_is_signed_once_there_is_room(
    context: BrowserContext, server: Server, people: People, job: Job, film: Film
) -> None:
    page = start(context, server, people.zhang, job)
    at_work(page, job)
    CUSTOMER.open(page, job)
    hand_to_customer(page)
    page.evaluate(FULL)
    CUSTOMER.fill(page)
    expect(page.locator(".toast.wrong", has_text="刚才输入的文字没有存下")).to_be_visible()
    assert page.evaluate(ASKED_BEFORE_CLOSING)
    film(page)
    page.get_by_role("button", name="有不对的地方").click()
    OBJECTION.fill(page)
    page.keyboard.press("Escape")
    CUSTOMER.stands(page)
    page.locator(".toast.wrong").get_by_role("button", name="关闭").click()
    page.get_by_role("radio", name="业主", exact=True).click()
    step(page, "我已阅读，下一步")
    RATING.fill(page)
    page.get_by_role("radio", name="不评价").click()
    step(page, "去签字")
    draw(page)
    page.get_by_role("button", name="确认", exact=True).click()
    expect(page.locator(".toast.wrong", has_text="手机空间已满").last).to_be_visible()
    expect(page.get_by_role("button", name="确认", exact=True)).to_be_enabled()
    film(page)
    assert lines(page, "signature.record") == []
    page.evaluate("() => { globalThis.isFull = false; }")
    page.locator(".toast.wrong").get_by_role("button", name="关闭").click()
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("button", name="收回手机").click()
    [signature] = lines(page, "signature.record")
    assert signature["data"]["signer"]["name"] == "王女士" and len(signature["data"]["strokes"]) == 1
    # What was typed besides is kept with the next contact.
    page.evaluate(SEND)
    until(page, DRAFTS, "数量不对")
    assert not page.evaluate(HOLDS)
