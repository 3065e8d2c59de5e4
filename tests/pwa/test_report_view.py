"""The customer sees all of what they sign, and the phone shows afterwards what they signed and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, expect

from server.evidence.report import differences, report_of
from server.language import format_clock, format_day, format_money, text
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server
from tests.pwa.test_screens import hand_to_customer, lines, start, step, work

ZONE = "Asia/Shanghai"
CASES = json.loads((Path(__file__).parents[1] / "vectors" / "report.json").read_text("utf-8"))["cases"]
BODY: dict[str, Any] = deepcopy(CASES[0]["input"]["body"]) | {  # Any: JSON of a document
    "warranty": {"covered": False, "until": "2025-03-31", "why": {"code": "term_over"}},
    "arrivals": [{"by": "p", "time": {"best": "2026-11-24T01:14:03.120Z"}}],
    "departures": [{"by": "p", "time": {"best": "2026-11-24T02:20:00Z"}}],
    "materials": [
        {"line": "m1", "part": "PJ0001", "name": "机械密封 CR32", "unit": "套", "quantity": "2", "unit_price": 18500,
         "source": "van", "serial": "MS-7741"}
    ],
    "labour": [
        {"line": "l1", "name": "水泵检修", "method": "拆检换封", "unit": "小时", "quantity": "1.5", "unit_price": 12000}
    ],
    "charge": {
        "covered": False, "materials": 25900, "labour": 12600, "total": 38500, "currency": "CNY",
        "why": {"code": "out_of_warranty", "price_rule": "parts-at-70-percent", "norm": "S13", "materials_percent": 70,
                "labour_percent": 71},
    },
}  # fmt: skip
SHOW = """async ([body, language]) => {
  await core.loadLanguages();
  const { html } = await import("htm/preact");
  const { render } = await import("preact");
  const { ReportView } = await import("/app/static/app/documents/parts/report_view.js");
  const { reportOf } = await import("/app/static/app/documents/work_order/report.js");
  const report = reportOf(body, language, { p: "李伟" }, "CNY");
  render(html`<${ReportView} text=${JSON.stringify(report)} />`, document.body);
  return [report, document.body.innerText];
}"""
# The identity of a line, which nobody reads: the same exception as on paper.
UNREAD = {"materials.0.line", "labour.0.line"}


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:  # Any: JSON
    """Every value of a JSON that holds no further ones, with its path."""
    if isinstance(value, dict | list):
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(each, f"{path}.{key}".lstrip("."))
    else:
        yield path, value


def reading(path: str, value: Any, language: str) -> list[str]:  # Any: JSON
    """How a value of the report is read; fails for a field of which nobody has said it."""
    name = path.split(".")[-1]
    group = path.split(".")[0]
    words = {"kind": "kind", "cause": "cause", "source": "source", "code": "report-why", "price_rule": "price-rule",
             "norm": "norm"}  # fmt: skip
    if name in words:
        return [text(language, f"{words[name]}-{value.replace('_', '-').lower()}")]
    if name == "currency":
        return [{"zh-CN": "人民币", "en": "Chinese Yuan"}[language]]
    if name in ("unit_price", "amount", "total") or path in ("charge.materials", "charge.labour"):
        return [format_money(value, "CNY", language)]
    if name in ("reported_at", "arrived_at", "departed_at"):
        return [format_day(value, language, ZONE), format_clock(value, language, ZONE)]
    if name == "warranty_until":
        return [format_day(value, language, ZONE)]
    if name in ("materials_percent", "labour_percent"):
        return [f"{value}%"]
    if name == "covered":
        return [text(language, "report-why-out-of-warranty")]
    if name == "language":
        return [text(language, "phone-language-name")]
    if name in ("materials", "labour"):
        raise AssertionError(f"{path} holds nothing")
    plain = ("number", "customer", "name", "address", "model", "serial", "fault", "diagnosis", "work_done", "part",
             "unit", "quantity", "method", "technician")  # fmt: skip
    assert name in plain, f"nobody says how {group}: {path} is read"
    return str(value).splitlines()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_value_of_the_signed_text_is_on_the_screen(phone: Phone, language: str) -> None:
    report, shown = phone.tab().evaluate(SHOW, [BODY, language])
    found = dict(leaves(report))
    assert [path for path, value in found.items() if value is None] == [], "a field that is empty here proves nothing"
    missing = {
        path: said
        for path, value in found.items()
        if path not in UNREAD
        for said in reading(path, value, language)
        if said not in shown
    }
    assert missing == {}


def test_a_field_that_the_screen_does_not_know_is_shown_under_its_own_name(phone: Phone) -> None:
    _, shown = phone.tab().evaluate(
        SHOW.replace("render(html", "report.meter = { before: 17 }; report.materials[0].batch = 'B-9'; render(html"),
        [BODY, "zh-CN"],
    )
    assert "meter" in shown and "17" in shown
    assert "B-9" in shown


CHANGES: list[dict[str, Any]] = [
    {},
    {"fault": "另一处漏水"},
    {"diagnosis": "机械密封磨损 "},
    {"departures": []},
    {"arrivals": []},
    {"number": None},
    {"number": "WX2611-9999"},
    {"labour": []},
    {"materials": [BODY["materials"][0] | {"quantity": "2.0"}]},
    {"materials": [BODY["materials"][0] | {"quantity": "3"}]},
    {"materials": [BODY["materials"][0] | {"serial": "MS-1"}]},
    {"charge": BODY["charge"] | {"total": 1}},
    {"customer": {"name": "别家"}},
    {"site": {"name": "别处", "address": "别路"}},
]


def test_the_phone_tells_what_changed_since_the_signature_as_the_server_does(phone: Phone) -> None:
    signed = report_of(BODY, "zh-CN", {"p": "李伟"}, "CNY")
    differ = """async ([signed, bodies]) => {
      const { differences } = await import("/app/static/app/documents/work_order/report.js");
      return bodies.map((body) => differences(signed, body));
    }"""
    bodies = [BODY | change for change in CHANGES]
    assert phone.tab().evaluate(differ, [signed, bodies]) == [differences(signed, body) for body in bodies]


def test_after_the_signature_the_phone_shows_the_text_that_was_signed(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    work(page)
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    page.get_by_role("button", name="English").click()
    page.get_by_label("Your name").fill("Ms. Qin")
    page.get_by_role("radio", name="Owner", exact=True).click()
    step(page, "I have read this")
    page.get_by_role("radio", name="No rating").click()
    step(page, "Go on to sign")
    box = page.locator("canvas").bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 100, box["y"] + 50)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 400, steps=20)
    page.mouse.up()
    page.locator(".deeds .main").click()
    page.get_by_role("button", name="take the phone back").or_(page.get_by_role("button", name="收回手机")).click()
    step(page, "离开现场")
    expect(page.get_by_text("离开已存到手机")).to_be_visible(timeout=15_000)

    page.get_by_role("button", name="查看维修服务单").click()
    expect(page.locator(".report")).to_contain_text("Service report")
    expect(page.get_by_text("客户已签字")).to_be_visible()
    expect(page.get_by_role("radio")).to_have_count(0)
    [signature] = lines(page, "signature.record")
    assert json.loads(signature["data"]["report"])["departed_at"] is None
    expect(page.locator(".report")).not_to_contain_text("Left")

    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("button", name="查看维修服务单")).to_be_visible()
    page.get_by_label("诊断").fill("轴封磨损")
    page.get_by_label("诊断").blur()
    page.get_by_role("button", name="查看维修服务单").click()
    expect(page.get_by_text("签字之后工单改过：诊断")).to_be_visible()
    expect(page.locator(".report")).not_to_contain_text("轴封磨损")
    page.get_by_role("radio", name="现在的内容").click()
    expect(page.locator(".report")).to_contain_text("轴封磨损")

    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("button", name="查看维修服务单")).to_be_visible()
    page.get_by_role("button", name="返回").click()
    expect(page.get_by_role("heading", name="今天", level=1)).to_be_visible()
