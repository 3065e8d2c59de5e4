"""Figures typed on the phone: what has only one meaning is folded, and what is not taken stays and is said."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Locator, expect

from tests.conftest import People
from tests.pwa.conftest import Film, Server, give_job
from tests.pwa.test_conflicts import SEND, office, show
from tests.pwa.test_screens import lines, start
from tests.pwa.waiting import until

APP: Final = Path(__file__).resolve().parents[2] / "pwa" / "static" / "app"
# A field, and all that it is given, which may stand on several lines.
FIELD: Final = re.compile(
    r"<(?:\$\{(Field|SharedField|FigureField|Stepper)\}|input|textarea)\s(?=((?:(?!/>|</).)*))", re.DOTALL
)
CALLED: Final = re.compile(r't\("([a-z-]+)"|say\("([a-z-]+)"|field="([a-z_.]+)"')
NOT_TYPED: Final = re.compile(r'hidden|type="file"|type="search"')

# Every field that can be typed into, by the text that names it; a new one is put here, or walked below.
OF_WORDS: Final = frozenset(
    {
        "phone-password-old", "phone-password-new", "phone-sessions-password", "phone-reason-own", "phone-line-name",
        "phone-labour-name", "phone-labour-method", "phone-line-unit", "phone-sign-comment", "phone-sign-name",
        "phone-sign-wrong-what", "phone-password", "phone-refuse-comment", "phone-photo-caption", "phone-order-fault",
        "phone-order-requests", "phone-new-contact", "phone-order-phone", "phone-username", "phone-name",
        "diagnosis", "work_done", "contact.phone",
    }
)  # fmt: skip
WALKED: Final = [
    ("documents/parts/line_forms.js", "FigureField"),
    ("documents/parts/line_forms.js", "FigureField"),
    ("documents/work_order/screens/checklist.js", "FigureField"),
    ("documents/work_order/screens/conflict_input.js", "FigureField"),
    ("documents/work_order/screens/materials.js", "Stepper"),
]
# A third value and an answer are of words here and of a figure there; the macro of all fields, and those of figures.
NAMED_ELSEWHERE: Final = {
    "documents/work_order/screens/conflict_input.js": 3,
    "documents/work_order/screens/checklist.js": 1,
    "ui/field.js": 3,
    "ui/figure.js": 1,
    "ui/stepper.js": 1,
}

# What a figure may look like on a Chinese keyboard, and what becomes of it; the rest of what is folded is in
# tests/vectors/figures.json.
NOT_TAKEN: Final = (
    ("1.2.3", "小数点只能有一个"),
    ("两", "请用数字填写"),
    ("12,5", "请不要用逗号"),
    ("2 吨", "这里的单位是"),
    ("9999999999", "最大 "),
)


def test_every_field_that_can_be_typed_into_is_of_words_or_is_walked_here() -> None:
    walked, others = [], []
    for path in sorted(APP.rglob("*.js")):
        name = path.relative_to(APP).as_posix()
        for used, properties in FIELD.findall(path.read_text("utf-8")):
            if used in ("FigureField", "Stepper"):
                walked.append((name, used))
            elif not NOT_TYPED.search(properties):
                called = CALLED.search(properties)
                others.append((name, next(filter(None, called.groups())) if called else ""))
    assert walked == WALKED
    elsewhere = [name for name, called in others if called not in OF_WORDS]
    assert {name: elsewhere.count(name) for name in elsewhere} == NAMED_ELSEWHERE
    keyboards = [
        path.name for path in APP.rglob("*.js") if re.search(r'inputmode="?(decimal|numeric)', path.read_text())
    ]
    assert sorted(keyboards) == ["figure.js", "stepper.js"]


SETTLED: Final = """async () => (await (await (await import("/app/static/app/store/database.js")).store())
  .getAll("lines")).some((line) => line.kind === "conflict.settle")"""
AROUND: Final = "xpath=ancestor::*[contains(@class, 'field') or contains(@class, 'stepping')][1]"


def refuses(field: Locator) -> None:
    """What is not taken stays in the field with the sentence beside it, also once it is left."""
    for typed, why in NOT_TAKEN:
        field.fill(typed)
        field.blur()
        expect(field.locator(AROUND).get_by_role("alert")).to_contain_text(why)
        expect(field).to_have_value(typed)
        expect(field).to_have_attribute("aria-invalid", "true")


def takes(field: Locator, typed: str, meant: str) -> None:
    """What has one meaning is written as it was understood."""
    field.fill(typed)
    expect(field.locator(AROUND).get_by_role("alert")).to_have_count(0)
    field.blur()
    expect(field).to_have_value(meant)


def test_every_field_of_a_figure_takes_what_has_one_meaning_and_keeps_what_it_does_not_take(
    context: BrowserContext, server: Server, people: People, checklist: str, app: APIFlask, film: Film
) -> None:
    job = give_job(app, people, people.zhang)
    page = start(context, server, people.zhang, job)

    show(page, f"orders/{job.id}/checklist")
    answer = page.get_by_label("MPa")
    refuses(answer)
    assert lines(page, "checklist.answer") == []
    film(page)
    takes(answer, "０。４０ MPa", "0.40")
    answer.fill("0.9")
    expect(answer.locator(AROUND).get_by_role("alert")).to_have_text("超出允许范围")

    show(page, f"orders/{job.id}/materials")
    for opener, named, unit in (("目录外", "名称", "米"), ("添加", "维修项目", "小时")):
        page.get_by_role("button", name=opener, exact=True).click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label(named).fill(unit)
        dialog.get_by_label("单位").fill(unit)
        for label, typed, meant in (("数量", f"１２．５　{unit}", "12.5"), ("单价（元）", "￥３。５ 元", "3.5")):
            refuses(dialog.get_by_label(label))
            expect(dialog.get_by_role("button", name="添加")).to_be_disabled()
            film(page)
            takes(dialog.get_by_label(label), typed, meant)
        dialog.get_by_role("button", name="添加").click()
        expect(dialog).to_have_count(0)

    for unit in ("米", "小时"):
        quantity = page.get_by_label(f"{unit}：数量")
        refuses(quantity)
        takes(quantity, f"３ {unit}", "3")
    page.get_by_role("button", name="米：多一个").click()
    expect(page.get_by_label("米：数量")).to_have_value("4")
    takes(page.get_by_label("米：数量"), "99999", "99999")
    expect(page.get_by_role("button", name="米：多一个")).to_be_disabled()
    film(page)

    added = [lines(page, f"{kind}.add")[0]["data"] for kind in ("material", "labour")]
    assert [(one["quantity"], one["unit_price"]) for one in added] == [("12.5", 350), ("12.5", 350)]
    changed = [line["data"]["changes"]["quantity"]["now"] for line in lines(page, "material.change")]
    assert changed == ["3", "4", "99999"]
    assert [line["data"]["now"] for line in lines(page, "checklist.answer")] == ["0.40", "0.9"]

    page.evaluate(SEND)
    context.set_offline(True)
    takes(page.get_by_label("米：数量"), "5", "5")
    line = {"line": added[0]["line"], "changes": {"quantity": {"was": "99999", "now": "7"}}}
    office(app, people, "material.change", job, line)
    context.set_offline(False)
    page.evaluate(SEND)
    show(page, "conflicts")
    page.get_by_role("radio", name="都不对，另写一个").click()
    third = page.get_by_role("textbox")
    refuses(third)
    expect(page.get_by_role("button", name="就用我写的")).to_be_disabled()
    takes(third, "６。５米", "6.5")
    page.get_by_role("button", name="就用我写的").click()
    until(page, SETTLED)
    assert [line["data"]["value"] for line in lines(page, "conflict.settle")] == ["6.5"]
