"""What norms ask of one order, from the report to who pays: read where the office reads it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import update

from server.database import writing
from server.documents.work_order.shapes import KINDS
from server.models import Asset
from tests.server.office.scene import Scene, new_id, whole_job
from tests.server.office.test_order_page import hidden, story_of
from tests.server.paper.test_report_pdf import words_of

Browser = Callable[..., FlaskClient]
Place = tuple[str, str, str]


@pytest.fixture
def place(scene: Scene) -> Place:
    """A pump under warranty; outside it the customer pays 70 percent of the parts, and the labour."""
    return scene.at("8:02").site("0001", "王先生", "漓江花园")


@pytest.fixture
def order(scene: Scene, place: Place) -> str:
    """An order for Li Wei, which his phone has."""
    order = scene.open("zhangmin", "地下室水泵漏水", place, "liwei", None)
    scene.at("8:44").contact("liwei")
    return order


def material(price: int) -> dict[str, str | int]:
    """The data of material.add for one seal."""
    return {"line": new_id(), "name": "密封", "unit": "套", "quantity": "1", "unit_price": price, "source": "van"}


@pytest.mark.parametrize("covered", [True, False], ids=["under warranty", "out of warranty"])
def test_technicians_are_sent_for_every_kind_of_work_in_and_out_of_warranty(
    scene: Scene, place: Place, browser: Browser, covered: bool
) -> None:
    customer, site, asset = place
    if not covered:
        long_ago = scene.day.date() - timedelta(days=6 * 365)
        with writing() as connection:
            connection.execute(update(Asset).where(Asset.id == asset).values(accepted_on=long_ago))
    desk = browser("zhangmin")
    asked = desk.get(f"/office/intake?customer={customer}").text
    assert ("在保，至" in asked, "已过保" in asked) == (covered, not covered)
    form = {
        "customer": customer,
        "place": f"{site}/{asset}",
        "fault": "水泵漏水\n地面有积水",
        "requests": "周末不方便",
        "contact.name": "李女士",
        "contact.phone": "13900002222",
        "assignees": scene.ids["liwei"],
    }
    opened = [desk.post("/office/intake", data=form | {"kind": kind}) for kind in KINDS]
    assert [answer.status_code for answer in opened] == [303] * len(KINDS)
    scene.contact("liwei")
    for kind, answer in zip(KINDS, opened, strict=True):
        body = scene.phones["liwei"].order(answer.location.rsplit("/", 1)[1])
        assert (body["kind"], body["state"], body["lead"]) == (kind, "planned", scene.ids["liwei"])
        assert (body["fault"], body["requests"]) == ("水泵漏水\n地面有积水", "周末不方便")
        assert body["contact"] == {"name": "李女士", "phone": "13900002222"}
        assert body["warranty"]["covered"] is covered


@pytest.mark.parametrize(
    ("cause", "said"),
    [("supplier", "产品质量"), ("workmanship", "施工质量"), ("customer", "客户使用"), ("wear", "自然损耗")],
)
def test_cause_and_solution_are_told_with_who_said_so_and_when(
    scene: Scene, order: str, browser: Browser, cause: str, said: str
) -> None:
    changes = {
        "cause": {"was": "unknown", "now": cause},
        "diagnosis": {"was": "", "now": "机械密封磨损"},
        "work_done": {"was": "", "now": "更换机械密封"},
    }
    scene.note("liwei", "9:31", "order.edit", order, {"changes": changes})
    scene.at("9:40").contact("liwei")
    page = browser("chenhong").get(f"/office/orders/{order}").text
    described = page.split('<dl class="described">', 1)[1].split("</dl>", 1)[0]
    assert all(value in described for value in (said, "机械密封磨损", "更换机械密封"))
    told = story_of(page).split("09:31", 1)[1]
    assert told.index("李伟") < told.index(f"原因：{said}") < told.index("更换机械密封")


def test_the_work_ends_with_its_cause_unknown_and_who_pays_follows_once_it_is_named(
    scene: Scene, order: str, browser: Browser
) -> None:
    scene.note("liwei", "9:52", "material.add", order, material(18500))
    scene.note("liwei", "10:18", "order.stage", order, {"to": "finished"})
    scene.at("10:30").contact("liwei")
    body = scene.body(order)
    assert (body["stage"], body["cause"], body["charge"]["total"]) == ("finished", "unknown", 0)
    desk, form = browser("zhangmin"), f"/office/orders/{order}/edits"
    page = desk.get(f"/office/orders/{order}").text
    sent = {name: hidden(page, name, form) for name in ("seen", "was.cause")}
    assert desk.post(form, data=sent | {"cause": "customer"}).status_code == 303
    body = scene.body(order)
    assert (body["cause"], body["charge"]["why"]["code"]) == ("customer", "customer_cause")
    assert body["charge"]["total"] == 12950 and "¥129.50" in desk.get(f"/office/orders/{order}").text


def test_a_customer_who_gives_no_access_is_the_reason_why_the_work_waits_or_fails(
    scene: Scene, order: str, browser: Browser
) -> None:
    steps = (("9:16", "working", None), ("9:20", "paused", "waiting_customer"), ("9:50", "unable", "no_access"))
    for clock, to, reason in steps:
        scene.note("liwei", clock, "order.stage", order, {"to": to, "reason": reason})
    scene.at("10:00").contact("liwei")
    told = story_of(browser("chenhong").get(f"/office/orders/{order}").text)
    waits, fails = told.split("09:20", 1)[1].split("09:50", 1)
    assert "等客户" in waits and "李伟" in waits
    assert "进不了现场" in fails and "李伟" in fails


def test_stars_and_signature_of_the_owner_are_kept_and_printed(scene: Scene, order: str, browser: Browser) -> None:
    whole_job(scene, order)
    desk = browser("zhangmin")
    signature = desk.get(f"/office/orders/{order}").text.split('<section class="sheet signature"', 1)[1]
    paper = words_of(desk.get(f"/office/orders/{order}/report.pdf").data)
    assert scene.body(order)["rating"] == {"score": 5, "comment": "很快"}
    for words in ("王先生", "业主", "很快"):
        assert words in signature and words in paper
    assert "评分 5 / 5" in signature and "5分" in paper
