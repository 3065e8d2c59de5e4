"""The page that takes an export file in."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.office import import_file
from tests.server.export_files.files import parts_of, zipped
from tests.server.office.scene import Scene, new_id

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


@pytest.mark.parametrize(("language", "held"), [("zh-CN", "保留待裁决"), ("en", "Held")])
def test_a_file_is_taken_in_and_each_operation_is_told(
    scene: Scene, order: str, browser: Browser, language: str, held: str
) -> None:
    supervisor = browser("chenhong", language)
    assert 'type="file"' in supervisor.get("/office/import").text
    for _ in range(2):
        answer = supervisor.post("/office/import", data=export(scene))
        assert answer.status_code == 200
        assert f'href="/office/orders/{order}"' in answer.text and held in answer.text
    assert [note["text"] for note in scene.body(order)["notes"]] == ["在地下室"]
    assert 'href="/office/import"' in supervisor.get("/office/inbox").text
    assert 'href="/office/import"' in supervisor.get("/office/people").text


def test_a_revoked_device_is_told_and_its_lines_wait(scene: Scene, order: str, browser: Browser) -> None:
    supervisor = browser("chenhong")
    form = {"reason": "丢失", "confirmed": "yes"}
    supervisor.post(f"/office/devices/{scene.phones['liwei'].id}/revocation", data=form)
    page = supervisor.post("/office/import", data=export(scene)).text
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
    assert "/office/sign-in" in client.post("/office/import", data=export(scene)).location
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
