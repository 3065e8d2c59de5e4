"""The page that takes an export file in."""

from __future__ import annotations

import io
import re
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.office.inbox import import_file
from server.sync.ledgers.line import hash_of
from tests.server.export_files.files import parts_of, zipped
from tests.server.office.scene import Scene, new_id
from tests.server.sync.phone import Phone

Browser = Callable[..., FlaskClient]


@pytest.fixture
def order(scene: Scene) -> str:
    """An order for Li Wei, on whose phone there are two notes, one of them on an order that nobody has."""
    order = scene.at("8:02").open("zhangmin", "水泵漏水", None, "liwei", None)
    scene.note("liwei", "9:00", "note.add", order, {"note": new_id(), "text": "在地下室"})
    scene.note("liwei", "9:01", "note.add", new_id(), {"note": new_id(), "text": "?"})
    scene.at("10:00")
    return order


def export(scene: Scene) -> dict[str, tuple[io.BytesIO, str]]:
    """The form with the phone's file."""
    return {"file": (zipped(parts_of(scene.phones["liwei"])), "0900.undercroft.zip")}


def take_in(supervisor: FlaskClient, form: dict[str, tuple[io.BytesIO, str]]) -> TestResponse:
    """A supervisor looks at a file and takes it in; the page that says what came of it."""
    looked = supervisor.post("/office/import", data=form)
    assert looked.status_code == 200, looked.text
    found = re.search(r'action="(/office/import/[0-9a-f]+)"', looked.text)
    assert found is not None
    return supervisor.post(found.group(1))


@pytest.mark.parametrize(("language", "held"), [("zh-CN", "保留待裁决"), ("en", "Held")])
def test_a_file_is_taken_in_and_each_operation_is_told(
    scene: Scene, order: str, browser: Browser, language: str, held: str
) -> None:
    supervisor = browser("chenhong", language)
    assert 'type="file"' in supervisor.get("/office/import").text
    for _ in range(2):
        answer = take_in(supervisor, export(scene))
        assert answer.status_code == 200
        assert f'href="/office/orders/{order}"' in answer.text and held in answer.text
    assert [note["text"] for note in scene.body(order)["notes"]] == ["在地下室"]
    assert 'href="/office/import"' in supervisor.get("/office/inbox").text
    assert 'href="/office/import"' in supervisor.get("/office/people").text


def test_a_revoked_device_is_told_and_its_lines_wait(scene: Scene, order: str, browser: Browser) -> None:
    supervisor = browser("chenhong")
    form = {"reason": "丢失", "confirmed": "yes"}
    supervisor.post(f"/office/devices/{scene.phones['liwei'].id}/revocation", data=form)
    page = take_in(supervisor, export(scene)).text
    assert "这台设备已被停用：其中原先没有的内容都保留下来" in page and "去裁决" in page
    assert "送达时这台设备已被停用" in supervisor.get("/office/inbox").text


def test_only_supervisors_take_files_in_and_nobody_from_another_site(
    scene: Scene, order: str, browser: Browser, client: FlaskClient
) -> None:
    desk = browser("zhangmin")
    assert "由主管导入" in desk.get("/office/import").text and 'type="file"' not in desk.get("/office/import").text
    assert desk.post("/office/import", data=export(scene)).status_code == 403
    forged = browser("chenhong").post("/office/import", data=export(scene), headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert client.post("/office/import", data=export(scene)).status_code == 401
    assert scene.body(order)["notes"] == []


@pytest.mark.parametrize("form", [{}, {"file": (io.BytesIO(b"no zip"), "a.zip")}, {"file": "text"}])
def test_what_is_no_file_is_told_in_words(scene: Scene, browser: Browser, form: dict[str, object]) -> None:
    answer = browser("chenhong").post("/office/import", data=form)
    assert answer.status_code == 422 and "这不是导出文件" in answer.text and 'role="alert"' in answer.text


def test_a_file_that_is_too_large_is_not_read(
    scene: Scene, order: str, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_file, "MAX_BODY_BYTES", 500)
    answer = browser("chenhong").post("/office/import", data=export(scene))
    assert answer.status_code == 413 and "导出文件过大" in answer.text
    assert scene.body(order)["notes"] == []


def test_a_gap_is_told_in_plain_words(scene: Scene, order: str, browser: Browser) -> None:
    form = {"file": (zipped(parts_of(scene.phones["liwei"], first=3)), "a.zip")}
    page = browser("chenhong").post("/office/import", data=form).text
    assert "服务器还没有这本流水账，文件从第 3 行开始" in page


def test_before_anything_is_written_a_page_says_whose_it_is_and_how_that_is_known(
    scene: Scene, order: str, browser: Browser
) -> None:
    page = browser("chenhong", "en").post("/office/import", data=export(scene)).text
    assert "It says that it is 李伟’s" in page and "has signed in with this device" in page
    assert "applied, where it fits" in page
    assert scene.body(order)["notes"] == []


def test_a_forged_file_in_the_managers_name_does_nothing_and_says_that_nobody_knows(
    scene: Scene, order: str, browser: Browser
) -> None:
    supervisor_id, phone_id = scene.ids["chenhong"], scene.phones["liwei"].id
    forger = Phone(supervisor_id)
    forger.write("order.review", order, {"verdict": "approved", "comment": None})
    forger.write("device.revoke", phone_id, {"reason": "x"})
    forger.write("note.add", order, {"note": new_id(), "text": "forged"})
    form = {"file": (zipped(parts_of(forger, person={"id": supervisor_id, "username": "chenhong"})), "a.zip")}
    supervisor, before = browser("chenhong", "en"), scene.body(order)
    page = take_in(supervisor, form).text
    assert scene.body(order) == before
    assert "Only the file says that it is 陈红’s" in page
    inbox = supervisor.get("/office/inbox").text
    assert "says to be 陈红" in inbox and "It can only be dismissed" in inbox
    assert "Says to be" in supervisor.get(f"/office/orders/{order}").text
    assert f"/office/devices/{phone_id}/revocation" in supervisor.get("/office/people").text, "it is not revoked"


def test_what_was_looked_at_is_taken_in_by_who_looked_and_only_once(scene: Scene, order: str, browser: Browser) -> None:
    scene.person("huangmin", "黄敏", "manager")
    supervisor, other = browser("chenhong", "en"), browser("huangmin", "en")
    looked = supervisor.post("/office/import", data=export(scene)).text
    found = re.search(r'action="(/office/import/[0-9a-f]+)"', looked)
    assert found is not None
    assert other.post(found.group(1)).status_code == 410
    assert supervisor.post(found.group(1)).status_code == 200
    assert supervisor.post(found.group(1)).status_code == 410


def test_whom_a_file_names_says_on_the_page_that_it_is_theirs(scene: Scene, order: str, browser: Browser) -> None:
    own = Phone(scene.ids["chenhong"])
    own.write("note.add", order, {"note": new_id(), "text": "mine"})
    form = {"file": (zipped(parts_of(own, person={"id": own.person_id, "username": "chenhong"})), "a.zip")}
    supervisor, desk = browser("chenhong", "en"), browser("zhangmin", "en")
    take_in(supervisor, form)
    path = f"/office/ledgers/{own.id}/claim"
    assert path in supervisor.get("/office/inbox").text and path not in desk.get("/office/inbox").text
    desk.post(path, data={"head": hash_of(own.lines[-1])})
    assert scene.body(order)["notes"] == []
    supervisor.post(path, data={"head": hash_of(own.lines[-1])}, follow_redirects=True)
    assert [note["text"] for note in scene.body(order)["notes"]] == ["mine"]
