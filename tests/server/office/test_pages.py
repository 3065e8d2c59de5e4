"""Today, the list, intake, inbox and people; every page in both languages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from server.office.orders import order_list
from tests.server.office.scene import Scene, new_id, whole_job

Browser = Callable[..., FlaskClient]
Place = tuple[str, str, str]


@pytest.fixture
def morning(scene: Scene) -> dict[str, Any]:  # Any: ids and a place
    """A verified, an unproven and a contradicted arrival, a silent phone, and an order for nobody."""
    for username, name in (("wanggang", "王刚"), ("chenjie", "陈杰"), ("zhaomin", "赵敏")):
        scene.person(username, name, "technician")
    place = scene.site("0001", "王先生", "漓江花园", phone="13900001111")
    scene.at("8:02")
    orders = {
        name: scene.open("zhangmin", fault, place, name, ("09:00", "11:00"))
        for name, fault in (
            ("liwei", "水泵漏水"),
            ("wanggang", "配电箱跳闸"),
            ("chenjie", "主机报警"),
            ("zhaomin", "季度巡检"),
        )
    }
    orders["nobody"] = scene.open("zhangmin", "门禁故障", place, None, ("14:00", "15:00"))
    scene.at("9:03").contact("wanggang")
    phone = scene.phones["wanggang"]
    scene.note("wanggang", "9:20", "order.stage", orders["wanggang"], {"to": "en_route"})
    phone.run = new_id()
    scene.note(
        "wanggang",
        "9:20",
        "arrival.record",
        orders["wanggang"],
        {"arrival": new_id(), "position": scene.fix("9:20", 0, 0, 10, 400)},
    )
    phone.run = new_id()
    scene.at("10:30").contact("wanggang")
    scene.at("10:04").contact("chenjie")
    scene.note(
        "chenjie",
        "9:50",
        "arrival.record",
        orders["chenjie"],
        {"arrival": new_id(), "position": scene.fix("9:50", 0, 0)},
    )
    scene.at("10:35").contact("chenjie")
    whole_job(scene, orders["liwei"])
    scene.note("liwei", "10:45", "note.add", orders["nobody"], {"note": new_id(), "text": "?"})
    scene.at("10:47").contact("liwei")
    scene.at("10:52")
    return orders | {"place": place}


def test_today_shows_what_needs_a_look_first(scene: Scene, morning: dict[str, Any], browser: Browser) -> None:
    page = browser("chenhong").get("/office/").text
    names = ("陈杰", "王刚", "赵敏", "李伟")
    table = page.split("<tbody", 1)[1].split("</table>", 1)[0]
    assert sorted(names, key=table.index) == list(names)
    assert "有矛盾" in table and "未证实" in table and "已核实" in table
    assert "无联系 3 小时 22 分" in table and "可能存有没送到的记录" in table
    assert "能证明 09:03–10:30 之间" in table
    assert "门禁故障" in page.split("待派工", 1)[1]


def test_today_and_the_inbox_lead_to_what_waits_for_review(
    scene: Scene, morning: dict[str, Any], browser: Browser
) -> None:
    supervisor = browser("chenhong")
    for path in ("/office/", "/office/inbox"):
        page = supervisor.get(path).text
        assert "1 单已完工，待审核" in page and 'href="/office/orders?review=pending"' in page
    waiting = supervisor.get("/office/orders?review=pending").text
    assert "水泵漏水" in waiting and "配电箱跳闸" not in waiting
    supervisor.post(f"/office/orders/{morning['liwei']}/reviews", data={"verdict": "approved"})
    assert "待审核" not in supervisor.get("/office/").text


def test_today_refreshes_only_its_live_part(scene: Scene, morning: dict[str, Any], browser: Browser) -> None:
    part = browser("chenhong").get("/office/?part=live").text
    assert "<html" not in part and "<table" in part


def test_another_day_shows_that_day(scene: Scene, morning: dict[str, Any], browser: Browser) -> None:
    page = browser("chenhong").get("/office/?day=2026-11-25").text
    assert "水泵漏水" not in page and "2026年11月25日" in page
    assert browser("chenhong").get("/office/?day=nonsense").status_code == 200


def test_orders_are_found_by_words_and_filters(scene: Scene, morning: dict[str, Any], browser: Browser) -> None:
    desk = browser("zhangmin")

    def found(query: str) -> list[str]:
        page = desk.get(f"/office/orders?{query}").text
        return [fault for fault in ("水泵漏水", "配电箱跳闸", "主机报警", "季度巡检", "门禁故障") if fault in page]

    assert found("words=配电箱") == ["配电箱跳闸"]
    assert found("words=王先生 漓江") == ["水泵漏水", "配电箱跳闸", "主机报警", "季度巡检", "门禁故障"]
    assert found("words=assignees") == []
    assert found("person=none") == ["门禁故障"]
    assert found(f"person={scene.ids['chenjie']}") == ["主机报警"]
    assert found("stage=finished&review=pending") == ["水泵漏水"]
    assert found("words=%25") == [] and found("stage=nonsense") == [] and len(found("after=nonsense")) == 5


def test_pages_of_the_list_miss_and_repeat_nothing(
    scene: Scene, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_list, "PAGE", 3)
    monkeypatch.setattr(order_list, "SCAN", 2)
    for number in range(8):
        scene.open("zhangmin", f"故障{number}", None, None, None)
    desk = browser("zhangmin")
    for words in ("", "words=故障&"):
        seen: list[str] = []
        address: str | None = f"/office/orders?{words}"
        while address is not None:
            page = desk.get(address).text
            seen += [f"故障{number}" for number in reversed(range(8)) if f">故障{number}<" in page]
            link = page.split('href="/office/orders?after=', 1)
            address = (
                "/office/orders?after=" + link[1].split('"', 1)[0].replace("&amp;", "&") if len(link) > 1 else None
            )
        assert sorted(seen) == [f"故障{number}" for number in range(8)]


def test_intake_finds_a_customer_by_the_digits_of_a_number(
    scene: Scene, morning: dict[str, Any], browser: Browser
) -> None:
    desk = browser("zhangmin")
    for words in ("0001111", "139 0000", "王先", "KH0001", "漓江"):
        hits = desk.get("/office/intake/customers", query_string={"words": words}).text
        assert "王先生" in hits and "<html" not in hits, words
    assert "没有找到" in desk.get("/office/intake/customers", query_string={"words": "%"}).text


def test_intake_shows_warranty_and_deadlines_and_opens_an_order(
    scene: Scene, morning: dict[str, Any], browser: Browser
) -> None:
    customer, site, asset = morning["place"]
    desk = browser("zhangmin")
    page = desk.get(f"/office/intake?customer={customer}").text
    assert "在保，至" in page and "门禁故障" in page and "到场期限 13:52" in page
    answer = desk.post(
        "/office/intake",
        data={
            "customer": customer,
            "place": f"{site}/{asset}",
            "fault": "又漏水了",
            "kind": "repair",
            "channel": "phone",
            "contact.name": "王先生",
            "contact.phone": "139",
            "priority": "urgent",
            "assignees": scene.ids["liwei"],
            "window_day": "2026-11-24",
            "window_start": "23:00",
            "window_end": "01:00",
            "window_overnight": "yes",
        },
    )
    assert answer.status_code == 303
    body = scene.body(answer.location.rsplit("/", 1)[1])
    assert body["asset"]["id"] == asset and body["priority"] == "urgent" and body["assignees"] == [scene.ids["liwei"]]
    assert body["window"]["end"] == "2026-11-25T01:00:00+08:00"
    assert f"单号 {body['number']}" in desk.get(answer.location).text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"fault": " "}, "请填写报修内容"),
        ({"fault": "漏水", "window_day": "2026-11-24"}, "计划时间要有"),
        (
            {"fault": "漏水", "window_day": "2026-11-24", "window_start": "18:00", "window_end": "16:00"},
            "结束时间早于开始时间",
        ),
        ({"fault": "漏水", "kind": "nonsense"}, "没有执行"),
    ],
)
def test_a_report_that_cannot_be_opened_keeps_what_was_typed(
    scene: Scene, browser: Browser, form: dict[str, str], said: str
) -> None:
    answer = browser("zhangmin").post("/office/intake", data={"requests": "晚上来", "without": "file"} | form)
    assert answer.status_code == 422 and said in answer.text and "晚上来" in answer.text


def test_the_inbox_says_why_something_waits(scene: Scene, morning: dict[str, Any], browser: Browser) -> None:
    page = browser("chenhong").get("/office/inbox").text
    assert "此人无权对这张工单这样操作" in page and "主机报警" in page
    assert "不可能成立" in page


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_speaks_the_language(scene: Scene, morning: dict[str, Any], browser: Browser, language: str) -> None:
    """A message that a catalogue lacks raises here, and the page would be a 500."""
    scene.office(
        "zhangmin",
        "order.edit",
        morning["liwei"],
        {"changes": {"contact.phone": {"was": "x", "now": "13722222222"}}},
        1,
    )
    supervisor = browser("chenhong", language)
    customer = morning["place"][0]
    for path in (
        "/office/",
        "/office/orders",
        "/office/inbox",
        "/office/people",
        "/office/intake",
        f"/office/intake?customer={customer}",
        "/office/intake?without=file",
        "/office/orders?words=zz",
        "/office/?day=2026-12-24",
        *(f"/office/orders/{morning[name]}" for name in ("liwei", "wanggang", "chenjie", "zhaomin", "nobody")),
    ):
        answer = supervisor.get(path)
        assert answer.status_code == 200, path
        assert f'<html lang="{language}"' in answer.text
    assert supervisor.get(f"/office/orders/{new_id()}").status_code == 404


def test_language_and_theme_are_kept(scene: Scene, browser: Browser) -> None:
    client = browser("chenhong")
    client.post("/office/preferences", data={"language": "en", "back": "/office/people"})
    client.post("/office/preferences", data={"theme": "dark", "back": "/office/people"})
    page = client.get("/office/people").text
    assert '<html lang="en" translate="no" data-theme="dark">' in page and "People and devices" in page
