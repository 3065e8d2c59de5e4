"""The page of one work order: what the field recorded, as the office reads it."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from server.database import reading
from server.models import JournalLine
from tests.server.office.scene import PHOTOS, Scene, new_id, whole_job

Browser = Callable[..., FlaskClient]
WINDOW = ("09:00", "11:00")


@pytest.fixture
def order(scene: Scene) -> str:
    """An order for Li Wei, opened by the service desk at two past eight."""
    place = scene.site("0001", "王先生", "漓江花园")
    return scene.at("8:02").open("zhangmin", "地下室水泵漏水", place, "liwei", WINDOW)


def hidden(page: str, name: str, form: str) -> str:
    """The value of a hidden field in the form that is sent to `form`, as the browser would send it."""
    part = page.split(f'action="{form}"', 1)[1].split("</form>", 1)[0]
    found = re.search(rf'name="{re.escape(name)}" value="([^"]*)"', part)
    assert found, name
    return found.group(1).replace("&#34;", '"').replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")


def test_the_page_shows_arrival_photos_materials_and_signature(scene: Scene, order: str, browser: Browser) -> None:
    whole_job(scene, order, photos=True)
    page = browser("chenhong").get(f"/office/orders/{order}").text
    body = scene.body(order)
    assert body["arrivals"][0]["verdict"] == "verified"
    assert "已核实" in page and '<circle class="radius"' in page
    accuracy = round(body["arrivals"][0]["place"]["accuracy_m"])
    assert "09:14" in page and f"距 10 m ±{accuracy} m" in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "机械密封 CR32 × 1 套" in page and "¥185.00" in page and "水泵检修" in page
    assert "王先生签字" in page and body["signatures"][0]["sha256"] in page and '<path d="M40 30' in page
    assert [photo["state"] for photo in body["photos"]] == ["stored", "stored", "missing"]
    assert page.count("已安全送达") == 2 and "等待照片" in page


def test_a_photo_comes_back_byte_for_byte_and_the_report_as_a_pdf(scene: Scene, order: str, browser: Browser) -> None:
    whole_job(scene, order, photos=True)
    desk = browser("zhangmin")
    original = desk.get(f"/office/photos/{scene.body(order)['photos'][0]['sha256']}")
    assert original.data == (PHOTOS / "DSCN0010.jpg").read_bytes()
    report = desk.get(f"/office/orders/{order}/report.pdf")
    assert report.status_code == 200 and report.data.startswith(b"%PDF-")


def test_an_arrival_far_away_is_drawn_far_away_and_called_contradicted(
    scene: Scene, order: str, browser: Browser
) -> None:
    scene.at("8:44").contact("liwei")
    scene.note(
        "liwei", "9:14", "arrival.record", order, {"arrival": new_id(), "position": scene.fix("9:14", -800, 0, 10, 0)}
    )
    scene.at("9:20").contact("liwei")
    page = browser("chenhong").get(f"/office/orders/{order}").text
    site = re.search(r'class="radius" cx="([\d.]+)" cy="[\d.]+" r="([\d.]+)"', page)
    fix = re.search(r'class="fix contradicted" cx="([\d.]+)"', page)
    assert site and fix
    away = float(site.group(1)) - float(fix.group(1))
    assert away / float(site.group(2)) == pytest.approx(800 / 80, rel=0.01)
    assert "不在现场" in page


def test_the_story_tells_the_time_that_is_proven_not_the_one_that_a_wrong_clock_says(
    scene: Scene, order: str, browser: Browser
) -> None:
    scene.at("10:04").contact("liwei")
    phone = scene.phones["liwei"]
    phone.now = scene.day.replace(hour=10, minute=5)
    arrival = {"arrival": new_id(), "position": scene.fix("9:50", 0, 0)}
    scene.note("liwei", "9:50", "arrival.record", order, arrival)
    scene.at("10:30").contact("liwei")
    page = browser("chenhong").get(f"/office/orders/{order}").text
    story = page.split('class="story"', 1)[1].split("</ol>", 1)[0]
    assert ">10:04</time>" in story and ">09:50</time>" not in story
    assert "自称 09:50" in page


def test_assigning_writes_an_operation_into_the_journal(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk = browser("zhangmin")
    form = f"/office/orders/{order}/plan"
    page = desk.get(f"/office/orders/{order}").text
    names = ("seen", "was.assignees", "was.lead", "was.window", "was.priority", "was.instructions")
    sent = {name: hidden(page, name, form) for name in names}
    answer = desk.post(
        form,
        data=sent
        | {
            "assignees": scene.ids["liwei"],
            "priority": "high",
            "instructions": "走 2 号门",
            "window_day": "2026-11-24",
            "window_start": "14:00",
            "window_end": "16:00",
        },
    )
    assert answer.status_code == 303
    assert "已保存" in desk.get(answer.location).text
    body = scene.body(order)
    assert body["assignees"] == [scene.ids["liwei"]] and body["priority"] == "high"
    assert body["window"] == {"start": "2026-11-24T14:00:00+08:00", "end": "2026-11-24T16:00:00+08:00"}
    with reading() as connection:
        raw = connection.execute(select(JournalLine.bytes).where(JournalLine.kind == "order.plan")).scalars().one()
    line = json.loads(raw)
    assert line["seen"] == 1 and line["data"]["changes"]["priority"] == {"was": "normal", "now": "high"}


def test_what_no_plan_can_have_is_held_and_said(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk = browser("zhangmin")
    form = f"/office/orders/{order}/plan"
    page = desk.get(f"/office/orders/{order}").text
    names = ("seen", "was.assignees", "was.lead", "was.window", "was.priority", "was.instructions")
    sent = {name: hidden(page, name, form) for name in names}
    answer = desk.post(form, data=sent | {"priority": "banana", "instructions": ""})
    assert answer.status_code == 303
    assert "没有执行，已保留待裁决" in desk.get(answer.location).text


def test_a_form_sent_as_it_was_shown_changes_nothing(scene: Scene, order: str, browser: Browser) -> None:
    desk = browser("zhangmin")
    form = f"/office/orders/{order}/plan"
    page = desk.get(f"/office/orders/{order}").text
    names = ("seen", "was.assignees", "was.lead", "was.window", "was.priority", "was.instructions")
    sent = {name: hidden(page, name, form) for name in names}
    desk.post(
        form,
        data=sent
        | {
            "assignees": scene.ids["liwei"],
            "lead": scene.ids["liwei"],
            "priority": "normal",
            "instructions": "",
            "window_day": "2026-11-24",
            "window_start": "09:00",
            "window_end": "11:00",
        },
    )
    assert scene.version(order) == 1


def test_two_people_who_edit_the_same_field_get_a_conflict_and_lose_nothing(
    scene: Scene, order: str, browser: Browser
) -> None:
    one, other = browser("zhangmin"), browser("chenhong")
    form = f"/office/orders/{order}/edits"
    shown = one.get(f"/office/orders/{order}").text
    base = {"seen": hidden(shown, "seen", form), "was.contact.phone": hidden(shown, "was.contact.phone", form)}
    assert one.post(form, data=base | {"contact.phone": "13911111111"}).status_code == 303
    answer = other.post(form, data=base | {"contact.phone": "13722222222"})
    page = other.get(answer.location).text
    assert "别人刚刚也改了：联系电话" in page
    body = scene.body(order)
    assert body["contact"]["phone"] == "13911111111"
    assert [conflict["other"]["value"] for conflict in body["conflicts"]] == ["13722222222"]
    assert "13911111111" in page and "13722222222" in page
    assert "13722222222" in one.get("/office/inbox").text


def test_cancelling_needs_a_confirmation(scene: Scene, order: str, browser: Browser) -> None:
    desk = browser("zhangmin")
    form = f"/office/orders/{order}/disposition"
    sent = {"seen": "1", "was.disposition": '"active"', "disposition": "cancelled"}
    refused = desk.post(form, data=sent)
    assert refused.status_code == 422 and "请勾选确认" in refused.text
    assert scene.body(order)["disposition"] == "active"
    desk.post(form, data=sent | {"confirmed": "yes"})
    assert scene.body(order)["disposition"] == "cancelled"


def test_only_reviewers_approve_and_a_return_says_why(scene: Scene, order: str, browser: Browser) -> None:
    whole_job(scene, order)
    form = f"/office/orders/{order}/reviews"
    assert browser("zhangmin").post(form, data={"verdict": "approved"}).status_code == 403
    supervisor = browser("chenhong")
    supervisor.post(form, data={"verdict": "returned", "comment": " "})
    assert scene.body(order)["review"]["state"] == "pending"
    supervisor.post(form, data={"verdict": "returned", "comment": "缺一张完工照片"})
    assert scene.body(order)["review"]["state"] == "returned"
    assert "缺一张完工照片" in supervisor.get(f"/office/orders/{order}").text
    supervisor.post(form, data={"verdict": "approved"})
    assert scene.body(order)["review"]["state"] == "approved"


def test_a_review_of_what_has_changed_since_the_page_was_shown_is_not_taken_and_it_is_said_why(
    scene: Scene, order: str, browser: Browser
) -> None:
    page, form = f"/office/orders/{order}", f"/office/orders/{order}/reviews"
    scene.at("8:44").contact("liwei")
    scene.note("liwei", "9:00", "order.stage", order, {"to": "on_site"})
    scene.note("liwei", "9:01", "order.stage", order, {"to": "unable", "reason": "no_access"})
    scene.at("9:02").contact("liwei")
    supervisor = browser("chenhong")
    seen = hidden(supervisor.get(page).text, "seen", form)
    scene.note("liwei", "9:03", "order.stage", order, {"to": "working"})
    scene.note("liwei", "9:04", "order.stage", order, {"to": "finished"})
    scene.at("9:05").contact("liwei")
    supervisor.post(form, data={"verdict": "approved", "seen": seen})
    assert scene.body(order)["review"]["state"] == "pending"
    shown = supervisor.get(page).text
    assert "没有审核：您打开页面之后，工单又有了新的结果" in shown
    supervisor.post(form, data={"verdict": "approved", "seen": hidden(shown, "seen", form)})
    assert scene.body(order)["review"]["state"] == "approved"
    again = browser("chenhong", "en")
    again.post(form, data={"verdict": "returned", "comment": "x", "seen": seen})
    assert "Not reviewed" not in again.get(page).text, "one's own approval one knows"


def test_a_note_is_kept_as_it_was_typed(scene: Scene, order: str, browser: Browser) -> None:
    browser("zhangmin").post(f"/office/orders/{order}/notes", data={"text": "第一行\r\n第二行 "})
    assert [note["text"] for note in scene.body(order)["notes"]] == ["第一行\n第二行"]


ATTACK = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_what_people_type_is_never_markup(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", ATTACK, scene.site("0009", ATTACK, ATTACK), "liwei", WINDOW)
    scene.at("8:44").contact("liwei")
    scene.note("liwei", "9:00", "note.add", order, {"note": new_id(), "text": ATTACK})
    scene.note(
        "liwei",
        "9:01",
        "material.add",
        order,
        {
            "line": new_id(),
            "part": None,
            "name": ATTACK,
            "unit": ATTACK,
            "quantity": "1",
            "unit_price": 1,
            "source": "van",
            "serial": ATTACK,
        },
    )
    scene.note("liwei", "9:02", "order.edit", order, {"changes": {"cause": {"was": "x", "now": ATTACK}}})
    scene.at("9:10").contact("liwei")
    supervisor = browser("chenhong")
    for path in (
        f"/office/orders/{order}",
        "/office/",
        "/office/orders",
        "/office/inbox",
        "/office/people",
        "/office/intake?words=0009",
        f"/office/orders?words={ATTACK}",
    ):
        page = supervisor.get(path).text
        assert "<script>alert" not in page and "<img src=x" not in page, path
    assert "&lt;script&gt;alert(1)" in supervisor.get(f"/office/orders/{order}").text


@pytest.mark.parametrize("path", ["01934567-89ab-7def-8123-456789abcdef", "nonsense"])
def test_an_order_that_is_not_there_is_not_found(scene: Scene, browser: Browser, path: str) -> None:
    assert browser("chenhong").get(f"/office/orders/{path}").status_code == 404
    assert browser("chenhong").post(f"/office/orders/{path}/notes", data={"text": "?"}).status_code == 404


def story_of(page: str) -> str:
    """The story as text, a line for every part of it."""
    part = page.split('<ol class="story">', 1)[1].split("</ol>", 1)[0]
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"<[^>]+>", " ", part).replace("\N{NO-BREAK SPACE}", " "))


def test_what_stands_between_two_answers_in_time_stands_between_them_in_the_story(
    scene: Scene, order: str, browser: Browser
) -> None:
    scene.at("8:44").contact("liwei")
    for clock, item in (("9:10", "a"), ("9:11", "b")):
        scene.note("liwei", clock, "checklist.answer", order, {"item": item, "was": None, "now": True})
    scene.note("liwei", "9:14", "arrival.record", order, {"arrival": new_id(), "position": scene.fix("9:14", 8, 7)})
    for clock, item in (("9:15", "c"), ("9:15", "d")):
        scene.note("liwei", clock, "checklist.answer", order, {"item": item, "was": None, "now": True})
    scene.at("9:20").contact("liwei")
    told = story_of(browser("chenhong").get(f"/office/orders/{order}").text)
    parts = ("09:10 – 09:11", "检查表 2 项", "09:14", "到达", "09:15", "检查表 2 项")
    places = [told.index(parts[0])]
    for part in parts[1:]:
        places.append(told.index(part, places[-1]))
    assert "检查表 4 项" not in told and told.count("检查表 2 项") == 2
    assert "09:15 –" not in told


def test_answers_of_two_people_at_once_are_told_apart(scene: Scene, browser: Browser) -> None:
    scene.person("wanggang", "王刚", "technician")
    both = [scene.ids["liwei"], scene.ids["wanggang"]]
    order = scene.at("8:02").open("zhangmin", "地下室水泵漏水", None, None, WINDOW, assignees=both)
    scene.at("8:44").contact("liwei")
    scene.contact("wanggang")
    for clock, who in (("9:10", "liwei"), ("9:11", "wanggang"), ("9:12", "liwei"), ("9:13", "wanggang")):
        scene.note(who, clock, "checklist.answer", order, {"item": clock, "was": None, "now": True})
    scene.at("9:20").contact("liwei")
    scene.contact("wanggang")
    told = story_of(browser("chenhong").get(f"/office/orders/{order}").text)
    assert "09:10 – 09:12" in told and "09:11 – 09:13" in told and told.count("检查表 2 项") == 2


@pytest.mark.parametrize(
    ("east_m", "why", "said"),
    [
        (12.0, None, "在现场范围内；距 10 m ±"),
        (900.0, None, "在现场范围外；距"),
        (None, "denied", "没有定位：手机不允许"),
    ],
)
def test_a_departure_says_where_or_why_that_is_not_known(
    scene: Scene, order: str, browser: Browser, east_m: float | None, why: str | None, said: str
) -> None:
    scene.at("8:44").contact("liwei")
    position = None if east_m is None else scene.fix("10:20", east_m, 0)
    left = {"departure": new_id(), "position": position, "why_none": why}
    scene.note("liwei", "10:20", "departure.record", order, left)
    scene.at("10:30").contact("liwei")
    told = story_of(browser("chenhong").get(f"/office/orders/{order}").text)
    assert said in told.split("离开", 1)[1]


def test_answers_have_the_words_of_the_phone_and_failures_a_sign(scene: Scene, order: str, browser: Browser) -> None:
    scene.at("8:44").contact("liwei")
    for item, now in (("pump", False), ("valve", True), ("belt", "not_applicable")):
        scene.note("liwei", "9:10", "checklist.answer", order, {"item": item, "was": None, "now": now})
    scene.at("9:20").contact("liwei")
    for language, words in (("zh-CN", ("不合格", "合格", "不适用")), ("en", ("Not OK", "OK", "N/A"))):
        page = browser("chenhong", language).get(f"/office/orders/{order}").text
        rows = page.split('<ul class="answers">', 1)[1].split("</ul>", 1)[0].split("<li>")[1:]
        assert [re.sub(r"<[^>]+>", "", row.split("</span>", 1)[1]).strip() for row in rows] == list(words)
        assert ["#x" in row for row in rows] == [True, False, False]


@pytest.mark.parametrize(
    ("form", "field"), [("notes", "text"), ("edits", "diagnosis"), ("plan", "instructions"), ("reviews", "comment")]
)
def test_a_text_that_fits_into_no_line_is_refused_before_it_is_written(
    scene: Scene, order: str, browser: Browser, form: str, field: str
) -> None:
    with reading() as connection:
        before = connection.execute(select(JournalLine.position)).scalars().all()
    data = {field: "水" * 22_000, "priority": "normal", "was.priority": '"normal"', "verdict": "approved"}
    answer = browser("chenhong").post(f"/office/orders/{order}/{form}", data=data)
    assert answer.status_code == 413 and "没有保存" in answer.text
    with reading() as connection:
        assert connection.execute(select(JournalLine.position)).scalars().all() == before
