"""Decisions from the inbox and the order's page: one click, one operation, in the journal."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Connection, select
from werkzeug.test import TestResponse

from server import database
from server.database import reading
from server.models import HeldLine, JournalLine
from server.office.queries import held_queries, queries
from tests.server.office.inbox_scene import Waiting, everything_waits
from tests.server.office.scene import Scene, new_id

Browser = Callable[..., FlaskClient]


@pytest.fixture
def waiting(scene: Scene) -> Waiting:
    """Everything that can wait."""
    return everything_waits(scene, scene.site("0001", "王先生", "漓江花园"))


def written(kind: str) -> list[dict[str, Any]]:  # Any: JSON
    """The data of every operation of a kind, as the journal has it."""
    with reading() as connection:
        lines = connection.execute(
            select(JournalLine.bytes).where(JournalLine.kind == kind).order_by(JournalLine.position)
        )
        return [json.loads(raw)["data"] for raw in lines.scalars()]


def states(scene: Scene, operations: list[str]) -> list[str]:
    """What became of held operations."""
    with reading() as connection:
        found = connection.execute(select(HeldLine.operation_id, HeldLine.state)).all()
    by_operation = {row.operation_id: row.state for row in found}
    return [by_operation[operation] for operation in operations]


def conflict_of(scene: Scene, order: str, field: str) -> dict[str, Any]:  # Any: JSON
    return next(one for one in scene.body(order)["conflicts"] if one["field"].endswith(field))


def settle(scene: Scene, desk: FlaskClient, order: str, field: str, **form: Any) -> dict[str, Any]:  # Any: JSON
    """Send the form of a conflict; the conflict afterwards."""
    assert send(scene, desk, order, field, **form).status_code == 303
    return conflict_of(scene, order, field)


def send(scene: Scene, desk: FlaskClient, order: str, field: str, **form: Any) -> TestResponse:  # Any: JSON
    """Send the form of a conflict."""
    sent = {"conflict": conflict_of(scene, order, field)["id"], "seen": str(scene.version(order))}
    return desk.post(f"/office/orders/{order}/settlements", data=sent | form)


def test_the_inbox_offers_every_decision(scene: Scene, waiting: Waiting, browser: Browser) -> None:
    page = browser("chenhong").get("/office/inbox").text
    for word in ("保留这个", "采用这个", "另写一个值", "认可", "免收", "去派工", "执行这 7 项", "驳回这 7 项"):
        assert word in page, word
    assert "希望 紧急程度：紧急" in page and "机械密封 CR32：数量" in page
    assert "不是 JSON" in page and "顺路看了一眼 0" in page
    assert page.count('name="decision" value="apply"') == 1, "what cannot be read, or is not known, cannot be applied"
    assert "更新到认识它的版本之后就可以执行" in page


@pytest.mark.parametrize("kind", ["ledger.claim", "person.close", "held.decide", "note.add"])
def test_what_belongs_to_no_order_is_not_offered_to_be_let_in_and_it_is_said_what_can_be_done(
    scene: Scene, waiting: Waiting, browser: Browser, kind: str
) -> None:
    target = None if kind == "note.add" else new_id()
    phone = scene.phones["liwei"]
    phone.write(kind, target, {"head": "0" * 64, "reason": "x", "operation": new_id(), "decision": "dismiss"})
    scene.contact("liwei")
    page = browser("chenhong").get("/office/inbox").text
    assert page.count('name="decision" value="apply"') == 1, "that of the other lines"
    assert "这一项不属于任何工单" in page


@pytest.mark.parametrize("side", ["kept", "other"])
def test_one_of_two_values_is_chosen_with_one_click(
    scene: Scene, waiting: Waiting, browser: Browser, side: str
) -> None:
    desk = browser("zhangmin")
    page = html.unescape(desk.get("/office/inbox").text)
    value = {"kept": "13722222222", "other": "13911111111"}[side]
    assert f'name="value" value="{json.dumps(value)}"' in page
    conflict = settle(scene, desk, waiting.conflict, "contact.phone", value=json.dumps(value))
    assert conflict["settled"]["value"] == value
    assert scene.body(waiting.conflict)["contact"]["phone"] == value
    story = desk.get(f"/office/orders/{waiting.conflict}").text.split('class="story"', 1)[1]
    assert "冲突已裁定" in story and f"联系电话：{value}" in story


def test_a_third_value_is_typed_into_the_fields_own_input(scene: Scene, waiting: Waiting, browser: Browser) -> None:
    desk = browser("zhangmin")
    settle(scene, desk, waiting.conflict, "contact.phone", choice="third", third=" 13800000000 ")
    assert scene.body(waiting.conflict)["contact"]["phone"] == "13800000000"
    settle(scene, desk, waiting.conflict, "quantity", choice="third", third="5")
    assert scene.body(waiting.conflict)["materials"][0]["quantity"] == "5"
    page = html.unescape(desk.get("/office/inbox").text)
    assert '<textarea name="third" rows="2">地下室水泵漏水，业主很急</textarea>' in page


@pytest.mark.parametrize(
    "form", [{"choice": "third", "third": "many"}, {"value": "not json"}, {"value": "7"}, {}, {"value": "[" * 50_000}]
)
def test_a_value_that_cannot_stand_is_refused_in_words_and_not_held(
    scene: Scene, waiting: Waiting, browser: Browser, form: dict[str, str]
) -> None:
    desk = browser("zhangmin")
    answer = send(scene, desk, waiting.conflict, "quantity", **form)
    # A figure is shown again in its field, beside the sentence about it; everything else comes back as it was.
    page = answer.text if answer.status_code == 422 else desk.get(answer.location).text
    assert "没有裁定" in page or "没有保存" in page
    assert conflict_of(scene, waiting.conflict, "quantity")["settled"] is None
    assert written("conflict.settle") == []


def test_what_somebody_else_decided_meanwhile_is_not_overwritten(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    desk, order = browser("zhangmin"), waiting.conflict
    seen = str(scene.version(order))
    settle(scene, browser("chenhong"), order, "contact.phone", value='"13911111111"')
    settle(scene, desk, order, "contact.phone", value='"13722222222"', seen=seen)
    assert scene.body(order)["contact"]["phone"] == "13911111111"
    open_ones = [
        one for one in scene.body(order)["conflicts"] if one["field"] == "contact.phone" and not one["settled"]
    ]
    assert [one["other"]["value"] for one in open_ones] == ["13722222222"]
    assert "别人刚刚也改了" in desk.get("/office/inbox").text


def flags_of(scene: Scene, order: str) -> list[str]:
    return [
        json.dumps({"code": one["code"], "by": one["by"], "line": one.get("line")}, sort_keys=True)
        for one in scene.body(order)["flags"]
    ]


def test_work_after_a_cancellation_is_charged_or_waived_once(scene: Scene, waiting: Waiting, browser: Browser) -> None:
    desk, order = browser("zhangmin"), waiting.cancelled
    flags = flags_of(scene, order)
    assert len(flags) == 2
    form = {"flag": flags, "decision": "waive", "comment": "老客户", "back": "/office/inbox"}
    answer = desk.post(f"/office/orders/{order}/flag-settlements", data=form)
    assert answer.location == f"/office/inbox#order-{order}"
    body = scene.body(order)
    assert [one["settled"]["decision"] for one in body["flags"]] == ["waive", "waive"]
    assert body["settled_charge"]["total"] == 0
    page = desk.get(f"/office/orders/{order}").text
    assert "决定免收" in page and "老客户" in page and 'id="attention"' not in page
    assert "需要处理" not in desk.get("/office/orders?words=配电箱").text
    again = desk.post(f"/office/orders/{order}/flag-settlements", data=form)
    assert "已经有人处理过了" in again.text and "老客户" in again.text
    assert len(written("flag.settle")) == 2


def test_an_arrival_is_ruled_on_by_a_supervisor_and_its_verdict_stays(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    order = waiting.contradicted
    arrival = scene.body(order)["arrivals"][0]["id"]
    form = {"arrival": arrival, "decision": "accepted", "comment": "电话确认过"}
    assert browser("zhangmin").post(f"/office/orders/{order}/rulings", data=form).status_code == 403
    supervisor = browser("chenhong")
    supervisor.post(f"/office/orders/{order}/rulings", data=form)
    ruled = scene.body(order)["arrivals"][0]
    assert (ruled["verdict"], ruled["ruling"]["decision"]) == ("contradicted", "accepted")
    assert "仍予认可" in supervisor.get(f"/office/orders/{order}").text
    assert "消防主机报警" not in supervisor.get("/office/inbox").text


def group_of(page: str) -> dict[str, str]:
    """The hidden fields of the first held group's form."""
    found = re.search(r'name="batch" value="(\d+)"><input type="hidden" name="reason" value="(\w+)"', page)
    assert found
    return {"batch": found.group(1), "reason": found.group(2)}


def test_all_of_a_group_is_applied_with_one_decision(scene: Scene, waiting: Waiting, browser: Browser) -> None:
    supervisor = browser("chenhong")
    group = group_of(supervisor.get("/office/inbox").text)
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "apply", "back": "/office/inbox"})
    assert states(scene, waiting.held) == ["applied"] * 7 + ["waiting"]
    assert len(scene.body(waiting.strange)["notes"]) == 7
    assert [one["decision"] for one in written("held.decide")] == ["apply"] * 7
    with reading() as connection:
        batches = set(
            connection.execute(select(JournalLine.batch_id).where(JournalLine.kind == "held.decide")).scalars()
        )
    assert len(batches) == 1, "one transaction"
    page = supervisor.get("/office/inbox").text
    assert "已执行 7 项" in page and "已裁决" in page and "陈红" in page
    story = supervisor.get(f"/office/orders/{waiting.strange}").text.split('class="story"', 1)[1]
    assert story.count("裁决了保留的操作") == 1 and "后来已执行：陈红" in story


def test_dismissing_needs_a_reason_and_is_shown_with_it(scene: Scene, waiting: Waiting, browser: Browser) -> None:
    supervisor = browser("chenhong")
    group = group_of(supervisor.get("/office/inbox").text)
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "dismiss", "comment": "  "})
    assert states(scene, waiting.held[:1]) == ["waiting"]
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "dismiss", "comment": "不是他的工单"})
    assert states(scene, waiting.held[:7]) == ["dismissed"] * 7
    page = supervisor.get("/office/inbox").text
    assert "已驳回 7 项" in page and "不是他的工单" in page
    assert "不是他的工单" in supervisor.get("/office/inbox/decided").text


def test_what_still_cannot_be_applied_says_why_and_goes_on_waiting(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    supervisor = browser("chenhong")
    with reading() as connection:
        position = connection.execute(
            select(HeldLine.position).where(HeldLine.operation_id == waiting.held[7])
        ).scalar_one()
    supervisor.post("/office/inbox/decisions", data={"position": str(position), "decision": "apply"})
    assert states(scene, waiting.held[7:]) == ["waiting"]
    assert "1 项无法执行，继续等待：服务器不认识这种操作。" in supervisor.get("/office/inbox").text


def test_an_unreadable_line_is_named_by_its_place_and_dismissed(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    supervisor = browser("chenhong")
    with reading() as connection:
        row = connection.execute(
            select(HeldLine.position, JournalLine.seq)
            .join(JournalLine, JournalLine.position == HeldLine.position)
            .where(HeldLine.reason == "unreadable")
        ).one()
    form = {"position": str(row.position), "comment": "坏的"}
    supervisor.post("/office/inbox/decisions", data=form | {"decision": "apply"})
    assert written("held.decide") == []
    assert "1 项无法执行，继续等待：这一行无法读取。" in supervisor.get("/office/inbox").text
    supervisor.post("/office/inbox/decisions", data=form | {"decision": "dismiss"})
    assert written("held.decide")[0]["line"] == {"device": scene.phones["liwei"].id, "seq": row.seq}
    assert "无法读取" not in supervisor.get("/office/inbox").text.split('<details class="sheet', 1)[0]


def test_only_reviewers_see_and_decide_what_others_wrote_and_is_held(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    desk = browser("zhangmin")
    form = group_of(browser("chenhong").get("/office/inbox").text) | {"decision": "apply"}
    group = f"/office/inbox/held?batch={form['batch']}&reason={form['reason']}"
    assert "顺路看了一眼" in browser("chenhong").get(group).text
    assert desk.get(group).status_code == 404
    for path in ("inbox", "inbox/decided", f"orders/{waiting.strange}"):
        assert "顺路看了一眼" not in desk.get(f"/office/{path}").text
    assert desk.post("/office/inbox/decisions", data=form).status_code == 403
    assert states(scene, waiting.held[:1]) == ["waiting"]


def test_whoever_wrote_what_is_held_sees_it_and_is_told_who_decides(
    scene: Scene, waiting: Waiting, browser: Browser
) -> None:
    assert scene.office("zhangmin", "order.review", waiting.strange, {"verdict": "approved"}).status == "held"
    page = browser("zhangmin").get("/office/inbox").text
    assert "由主管执行或驳回" in page and 'name="decision" value="apply"' not in page
    assert 'id="held"' in page


@pytest.mark.parametrize(
    "path",
    ["orders/{order}/settlements", "orders/{order}/flag-settlements", "orders/{order}/rulings", "inbox/decisions"],
)
def test_another_site_and_nobody_decide_nothing(
    scene: Scene, waiting: Waiting, browser: Browser, client: FlaskClient, path: str
) -> None:
    address = "/office/" + path.format(order=waiting.conflict)
    forged = browser("chenhong").post(address, data={"decision": "apply"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert client.post(address, data={"decision": "apply"}).status_code == 401
    assert written("held.decide") == [] and written("conflict.settle") == []


@pytest.mark.parametrize(
    "form", [{}, {"decision": "apply"}, {"decision": "apply", "batch": "x"}, {"decision": "eat", "batch": "1"}]
)
def test_a_form_that_says_nothing_is_a_problem_in_words(
    scene: Scene, waiting: Waiting, browser: Browser, form: dict[str, str]
) -> None:
    assert browser("chenhong").post("/office/inbox/decisions", data=form).status_code == 400


def test_pages_of_the_inbox_miss_and_repeat_nothing(
    scene: Scene, waiting: Waiting, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(held_queries, "GROUPS", 1)
    monkeypatch.setattr(queries, "CASES", 2)
    monkeypatch.setattr(held_queries, "LINES", 3)
    supervisor = browser("chenhong")
    first = supervisor.get("/office/inbox").text
    older = re.search(r'href="(/office/inbox\?orders=[^"]+)"', first)
    assert older
    second = supervisor.get(html.unescape(older.group(1))).text
    faults = ("楼上也漏水", "配电箱跳闸", "消防主机报警", "地下室水泵漏水")
    assert [[fault for fault in faults if fault in page.split('id="held"', 1)[0]] for page in (first, second)] == [
        list(faults[:2]),
        list(faults[2:]),
    ]
    reasons, address = [], "/office/inbox"
    while True:
        page = supervisor.get(address).text
        reasons.append(group_of(page)["reason"])
        following = re.search(r'href="(/office/inbox\?held=\d+)#held"', page)
        if following is None:
            break
        address = following.group(1)
    assert reasons == ["not_permitted", "unknown_kind", "unreadable"]
    notes, more = [], re.search(r'href="(/office/inbox/held[^"]+)"', first)
    while more is not None:
        page = supervisor.get(html.unescape(more.group(1))).text
        notes += re.findall(r"顺路看了一眼 (\d)<", page)
        more = re.search(r'href="(/office/inbox/held[^"]+after[^"]+)"', page)
    assert notes == list("0123456")


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_page_of_decisions_speaks_the_language(
    scene: Scene, waiting: Waiting, browser: Browser, language: str
) -> None:
    supervisor = browser("chenhong", language)
    group = group_of(supervisor.get("/office/inbox").text)
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "apply"})
    for order in (waiting.conflict, waiting.contradicted, waiting.cancelled, waiting.opened, waiting.strange):
        assert supervisor.get(f"/office/orders/{order}").status_code == 200
    for path in (
        "/office/inbox",
        "/office/inbox/decided",
        "/office/inbox?held=abc&orders=x",
        "/office/inbox/decided?after=x~1",
    ):
        answer = supervisor.get(path)
        assert answer.status_code == 200 and f'<html lang="{language}"' in answer.text
    assert supervisor.get("/office/inbox/held?batch=99999&reason=unreadable").status_code == 404


def test_nothing_that_was_typed_becomes_markup(scene: Scene, browser: Browser) -> None:
    attack = "<script>alert(1)</script>"
    order = scene.open("zhangmin", attack, None, None, None)
    scene.note("liwei", "9:00", "note.add", order, {"note": new_id(), "text": attack})
    scene.at("9:10").contact("liwei")
    supervisor = browser("chenhong")
    group = group_of(supervisor.get("/office/inbox").text)
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "dismiss", "comment": attack})
    for path in ("/office/inbox", "/office/inbox/decided", f"/office/orders/{order}"):
        assert "<script>alert" not in supervisor.get(path).text


def test_a_decision_whose_transaction_gave_way_is_written_once(
    scene: Scene, waiting: Waiting, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    supervisor = browser("chenhong")
    group = group_of(supervisor.get("/office/inbox").text)
    really = database.write

    def giving_way(work: Callable[[Connection], Any]) -> Any:  # Any: what `work` returns
        with suppress(InterruptedError), database.writing() as connection:
            work(connection)
            raise InterruptedError
        return really(work)

    monkeypatch.setattr(database, "write", giving_way)
    supervisor.post("/office/inbox/decisions", data=group | {"decision": "apply", "back": "/office/inbox"})
    assert len(written("held.decide")) == 7
