"""A form is good for one sending."""

from __future__ import annotations

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from flask.testing import FlaskClient
from sqlalchemy import func, select

from server.database import reading
from server.models import WorkOrder
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]


def form_id(page: str, action: str) -> str:
    """The id of the form on a page that goes to `action`."""
    form = page.partition(f'action="{action}"')[2].partition("</form>")[0]
    found = re.search(r'name="once" value="([^"]+)"', form)
    assert found is not None, form
    return found[1]


def how_many_orders() -> int:
    with reading() as connection:
        return connection.scalar(select(func.count()).select_from(WorkOrder)) or 0


def test_a_form_that_is_sent_again_opens_no_second_order_and_says_which_it_made(scene: Scene, browser: Browser) -> None:
    desk = browser("zhangmin")
    form = {
        "once": form_id(desk.get("/office/intake?without=file").text, "/office/intake"),
        "fault": "门禁读卡器不亮",
        "kind": "repair",
    }
    made = desk.post("/office/intake", data=form)
    assert made.status_code == 303
    number = re.search(r"单号 ([\w-]+)", desk.get(made.location).text)
    assert number is not None
    scene.at("7:31")
    again = desk.post("/office/intake", data=form)
    assert (again.status_code, again.location) == (303, made.location)
    page = desk.get(again.location).text
    assert f"这张表已经登记过，单号 {number[1]}" in page
    assert how_many_orders() == 1

    # What was changed before it was sent again is not lost, and opens another order once somebody has said so.
    other = desk.post("/office/intake", data=form | {"fault": "对讲机没有声音"})
    assert other.status_code == 409 and how_many_orders() == 1
    assert f"这张表已经开了工单 {number[1]}" in other.text and "对讲机没有声音" in other.text
    assert f'href="{made.location}"' in other.text
    anew = form_id(other.text, "/office/intake")
    assert anew != form["once"]
    sent = desk.post("/office/intake", data=form | {"once": anew, "fault": "对讲机没有声音"})
    assert sent.status_code == 303 and sent.location != made.location and how_many_orders() == 2


def test_a_note_that_is_sent_again_stands_once(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk = browser("zhangmin")
    action = f"/office/orders/{order}/notes"
    page = desk.get(f"/office/orders/{order}").text
    form = {"once": form_id(page, action), "text": "客户下午在家", "seen": "1"}
    for _ in range(2):
        assert desk.post(action, data=form).status_code == 303
    assert [note["text"] for note in scene.body(order)["notes"]] == ["客户下午在家"]
    assert "这张表已经提交过" in desk.get(f"/office/orders/{order}").text
    # Another text is another note, and so is the same on another page.
    desk.post(action, data=form | {"text": "客户晚上在家"})
    desk.post(action, data=form | {"once": form_id(desk.get(f"/office/orders/{order}").text, action)})
    assert [note["text"] for note in scene.body(order)["notes"]] == ["客户下午在家", "客户晚上在家", "客户下午在家"]


def test_a_form_without_an_id_of_ours_writes_all_the_same(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk = browser("zhangmin")
    for given in ("", "x", "0" * 36, "0197fd6e-0000-4000-8000-000000000000"):
        desk.post(f"/office/orders/{order}/notes", data={"once": given, "text": "同一句话"})
    assert len(scene.body(order)["notes"]) == 4


def test_every_form_that_writes_to_an_order_is_good_for_one_sending(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    page = browser("chenhong").get(f"/office/orders/{order}").text
    forms = re.findall(
        r'<form[^>]*method="post"[^>]*action="(/office/orders/[^"]+)"[^>]*>(.*?)</form>', page, re.DOTALL
    )
    assert {action.rpartition("/")[2] for action, _ in forms} >= {"plan", "disposition", "edits", "notes"}
    ids = [re.findall(r'name="once" value="([^"]+)"', inside) for _, inside in forms]
    assert all(len(each) == 1 for each in ids)
    assert len({each[0] for each in ids}) == len(forms)


def test_a_form_that_is_sent_twice_at_once_opens_one_order(scene: Scene, browser: Browser) -> None:
    desks = [browser("zhangmin"), browser("zhangmin")]
    pages = [desks[0].get("/office/intake?without=file").text for _ in range(6)]
    for place, page in enumerate(pages):
        form = {"once": form_id(page, "/office/intake"), "fault": f"门禁读卡器不亮 {place}"}
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda desk, form=form: desk.post("/office/intake", data=form), desks))  # type: ignore[misc]
        assert [answer.status_code for answer in answers] == [303, 303]
        assert answers[0].location == answers[1].location
    assert how_many_orders() == len(pages)
