"""A session that ends while somebody fills in a form loses nothing of it."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from tests.conftest import PASSWORD
from tests.server.office.inbox_scene import everything_waits
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]
TYPED = "配电房 3 号柜，钥匙在<b>门卫</b>"
ANY = "0197fd6e-0000-7000-8000-000000000000"


def carried(page: str) -> dict[str, Any]:  # Any: JSON
    """What the sign-in form on a page carries on."""
    found = re.search(r'name="kept" value="([^"]*)"', page)
    assert found is not None, page
    read: dict[str, Any] = json.loads(html.unescape(found[1]))
    return read


def hidden_fields(page: str) -> list[tuple[str, str]]:
    """The hidden fields of the form that waits to be sent."""
    form = page.partition("data-kept")[2].partition("</form>")[0]
    found = re.findall(r'name="([^"]*)" value="([^"]*)"', form)
    return [(html.unescape(name), html.unescape(value)) for name, value in found]


def test_what_was_typed_comes_back_after_signing_in_and_is_sent_once(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk, page, action = browser("zhangmin"), f"/office/orders/{order}", f"/office/orders/{order}/notes"
    desk.post("/office/sign-out")
    form = {"text": TYPED, "seen": "1", "once": ANY}
    answer = desk.post(action, data=form, headers={"Referer": f"http://localhost{page}"})
    assert answer.status_code == 401 and scene.body(order)["notes"] == []
    assert "刚才的内容还没有提交" in answer.text and TYPED not in answer.text
    kept = carried(answer.text)
    fields = [[*each] for each in form.items()]
    assert kept == {"action": action, "page": page, "fields": fields, "left_out": False, "writer": None}

    # A mistyped password takes nothing away.
    sent = {"username": "zhangmin", "kept": json.dumps(kept), "back": page}
    wrong = desk.post("/office/sign-in", data=sent | {"password": "wrong"})
    assert wrong.status_code == 401 and carried(wrong.text) == kept
    signed_in = desk.post("/office/sign-in", data=sent | {"password": PASSWORD})
    assert signed_in.status_code == 200 and scene.body(order)["notes"] == []
    assert f'action="{action}" data-kept="{page}" data-reader="{scene.ids["zhangmin"]}"' in signed_in.text
    assert html.escape(TYPED) in signed_in.text
    waiting = hidden_fields(signed_in.text)
    assert dict(waiting) == form
    desk.post(action, data=dict(waiting))
    assert [note["text"] for note in scene.body(order)["notes"]] == [TYPED]


@pytest.mark.parametrize("named", [True, False])
def test_what_was_typed_is_shown_to_nobody_else(scene: Scene, browser: Browser, named: bool) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    desk, action = browser("zhangmin"), f"/office/orders/{order}/notes"
    desk.post("/office/sign-out")
    form = {"text": TYPED, "seen": "1", "once": ANY} | ({"writer": scene.ids["zhangmin"]} if named else {})
    kept = carried(desk.post(action, data=form).text)
    assert kept["fields"] == [["text", TYPED], ["seen", "1"], ["once", ANY]]
    sent = {"kept": json.dumps(kept), "back": "/office/people", "password": PASSWORD}
    other = desk.post("/office/sign-in", data=sent | {"username": "chenhong"})
    assert (other.status_code, other.location) == (303, "/office/people")
    page = desk.get(other.location).text
    assert html.escape(TYPED) not in page and "别人填的" in page
    desk.post("/office/sign-out")
    own = browser("zhangmin")
    own.post("/office/sign-out")
    again = own.post("/office/sign-in", data=sent | {"username": "zhangmin"})
    assert again.status_code == 200 and html.escape(TYPED) in again.text


def test_a_form_is_not_sent_by_who_has_signed_in_beside_it(scene: Scene, browser: Browser) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    form = {"text": TYPED, "seen": "1", "once": ANY, "writer": scene.ids["zhangmin"]}
    answer = browser("chenhong").post(f"/office/orders/{order}/notes", data=form)
    assert answer.status_code == 401 and scene.body(order)["notes"] == []
    assert carried(answer.text)["writer"] == scene.ids["zhangmin"]
    own = browser("zhangmin").post(f"/office/orders/{order}/notes", data=form)
    assert own.status_code == 303 and len(scene.body(order)["notes"]) == 1


@pytest.mark.parametrize("day", ["", "2026-11-26"])
def test_a_form_goes_to_its_writer_alone_whatever_it_is_wrapped_in(scene: Scene, browser: Browser, day: str) -> None:
    order = scene.open("zhangmin", "门禁故障", None, None, None)
    shown = {"was.window": "null", "was.instructions": json.dumps(""), "was.priority": json.dumps("normal")}
    form = {"instructions": TYPED, "priority": "normal", "window_day": day, "writer": scene.ids["zhangmin"], **shown}
    other = browser("chenhong")
    answer = other.post(f"/office/orders/{order}/plan", data=form, content_type="multipart/form-data")
    assert answer.status_code == 401 and scene.body(order)["instructions"] == ""
    assert carried(answer.text)["writer"] == scene.ids["zhangmin"]
    own = browser("zhangmin").post(f"/office/orders/{order}/plan", data=form, content_type="multipart/form-data")
    assert own.status_code == (422 if day else 303), "half a window is asked about"


def test_a_file_is_not_taken_in_for_who_has_signed_in_beside_its_form(scene: Scene, browser: Browser) -> None:
    other = browser("chenhong")
    form = {"file": (io.BytesIO(b"no archive"), "export.zip"), "writer": scene.ids["zhangmin"]}
    answer = other.post("/office/import", data=form, content_type="multipart/form-data")
    assert answer.status_code == 401 and carried(answer.text)["left_out"]


def test_a_third_value_that_was_not_taken_is_shown_to_nobody_else(scene: Scene, browser: Browser) -> None:
    waiting = everything_waits(scene, scene.site("0001", "王先生", "漓江花园"))
    conflict = next(one for one in scene.body(waiting.conflict)["conflicts"] if one["field"].endswith("quantity"))
    desk, page = browser("zhangmin"), f"/office/orders/{waiting.conflict}"
    form = {"conflict": conflict["id"], "choice": "third", "third": "很多很多", "seen": "99"}
    assert desk.post(f"{page}/settlements", data=form).status_code == 303
    said = desk.get_cookie("undercroft_office_said", path="/office")
    assert said is not None
    other = browser("chenhong")
    other.set_cookie("undercroft_office_said", said.value, path="/office")
    assert "很多很多" not in other.get(page).text
    assert "很多很多" in desk.get(page).text


def test_no_form_of_the_office_loses_what_was_typed(scene: Scene, app: APIFlask, client: FlaskClient) -> None:
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("office.") and "POST" in rule.methods
    ]
    open_to_all = {"office.begin_session", "office.change_preferences", "office.end_session"}
    assert {rule.endpoint for rule in rules} > open_to_all
    for rule in rules:
        if rule.endpoint in open_to_all:
            continue
        with app.test_request_context():
            path = app.url_for(rule.endpoint, **dict.fromkeys(rule.arguments, ANY))
        answer = client.post(path, data={"comment": TYPED, "password": PASSWORD, "new_password": PASSWORD})
        assert answer.status_code == 401, rule
        kept = carried(answer.text)
        assert (kept["action"], kept["fields"], kept["left_out"]) == (path, [["comment", TYPED]], True), rule
        assert PASSWORD not in answer.text and "密码和文件不会保留" in answer.text


def test_who_is_signed_out_twice_is_told_nothing_of_forms(scene: Scene, client: FlaskClient) -> None:
    answer = client.post("/office/sign-out")
    assert answer.status_code == 303 and "/office/sign-in" in answer.location
    assert "没有提交" not in client.get(answer.location).text


@pytest.mark.parametrize("headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}])
def test_another_site_cannot_lay_a_form_ready(scene: Scene, client: FlaskClient, headers: dict[str, str]) -> None:
    answer = client.post("/office/intake", data={"fault": "forged"}, headers=headers)
    assert answer.status_code == 403 and "forged" not in answer.text


@pytest.mark.parametrize(
    "kept",
    [
        "x",
        "[]",
        '{"fields": 5}',
        "[" * 9000,
        json.dumps({"action": "https://evil.example/", "page": "/office/", "fields": [], "left_out": False}),
        json.dumps({"action": "//evil.example/", "page": "/office/", "fields": [], "left_out": False}),
        json.dumps({"action": "/app/", "page": "/office/", "fields": [], "left_out": False}),
        json.dumps({"action": "/office/", "page": "/office/", "fields": [["text", "\ud800"]], "left_out": False}),
    ],
)
def test_what_is_not_from_here_is_not_carried_on(scene: Scene, client: FlaskClient, kept: str) -> None:
    form = {"username": "zhangmin", "password": PASSWORD, "kept": kept, "back": "/office/people"}
    answer = client.post("/office/sign-in", data=form)
    assert (answer.status_code, answer.location) == (303, "/office/people")


@pytest.mark.parametrize("said", ["https://evil.example/office/", "http://[::1", "", "http://localhost/app/"])
def test_a_page_that_is_none_of_ours_is_not_gone_back_to(scene: Scene, client: FlaskClient, said: str) -> None:
    answer = client.post("/office/intake", data={"fault": TYPED}, headers={"Referer": said})
    assert carried(answer.text)["page"] == "/office/"


def test_intake_comes_back_to_the_customer_it_was_about(scene: Scene, browser: Browser) -> None:
    customer, _, _ = scene.site("C-1", "漓江花园", "东门")
    desk = browser("zhangmin")
    page = desk.get(f"/office/intake?customer={customer}").text
    desk.post("/office/sign-out")
    named = re.search(r'name="page" value="([^"]+)"', page)
    assert named is not None
    answer = desk.post("/office/intake", data={"fault": TYPED, "page": named[1]})
    assert carried(answer.text)["page"] == f"/office/intake?customer={customer}"
