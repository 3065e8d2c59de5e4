"""People and devices: a phone that was lost is revoked, and everybody sees when, by whom and why."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from server.problems import Problem
from tests.server.office.scene import Scene, new_id, photo
from tests.server.sync.phone import Phone

Browser = Callable[..., FlaskClient]
CONFIRMED = {"reason": "下班路上丢失", "confirmed": "yes"}


def address(scene: Scene) -> str:
    """Where Li Wei's phone is revoked."""
    return f"/office/devices/{scene.phones['liwei'].id}/revocation"


def test_a_lost_phone_is_revoked_and_shown_as_revoked(scene: Scene, browser: Browser) -> None:
    supervisor = browser("chenhong")
    assert "立即退出登录" in supervisor.get("/office/people").text
    supervisor.post(address(scene), data=CONFIRMED)
    page = supervisor.get("/office/people").text
    assert "设备已停用。" in page and "停用于 07:30 · 陈红 · 下班路上丢失" in page
    assert "立即退出登录" not in page, "there is nothing left to revoke"
    scene.note("liwei", "8:00", "note.add", new_id(), {"note": new_id(), "text": "?"})
    with pytest.raises(Problem, match="device_revoked"):
        scene.at("8:01").contact("liwei")


@pytest.mark.parametrize(("form", "said"), [({"confirmed": "yes"}, "请写明原因"), ({"reason": "丢了"}, "请勾选确认")])
def test_revoking_needs_a_reason_and_a_confirmation(
    scene: Scene, browser: Browser, form: dict[str, str], said: str
) -> None:
    supervisor = browser("chenhong")
    supervisor.post(address(scene), data=form)
    page = supervisor.get("/office/people").text
    assert said in page and "停用于" not in page


def test_only_reviewers_revoke_and_nobody_from_another_site(scene: Scene, browser: Browser) -> None:
    desk = browser("zhangmin")
    assert 'action="/office/devices/' not in desk.get("/office/people").text
    assert desk.post(address(scene), data=CONFIRMED).status_code == 403
    forged = browser("chenhong").post(address(scene), data=CONFIRMED, headers={"Sec-Fetch-Site": "cross-site"})
    assert forged.status_code == 403
    assert "停用于" not in desk.get("/office/people").text


def test_what_is_no_phone_is_not_found(scene: Scene, browser: Browser) -> None:
    assert browser("chenhong").post(f"/office/devices/{new_id()}/revocation", data=CONFIRMED).status_code == 404


def test_a_second_click_changes_nothing(scene: Scene, browser: Browser) -> None:
    supervisor = browser("chenhong")
    for _ in range(2):
        supervisor.post(address(scene), data=CONFIRMED)
    assert "已经有人处理过了" in supervisor.get("/office/people").text


def test_phones_of_one_name_are_told_apart_by_where_they_last_wrote(scene: Scene, browser: Browser) -> None:
    orders = [
        scene.open("zhangmin", fault, scene.site(f"000{place}", fault, f"地点{place}"), "liwei", None)
        for place, fault in enumerate(("水泵漏水", "门禁故障"))
    ]
    first = scene.phones["liwei"]
    taken = photo("DSCN0010.jpg", "fault", "2026-11-24T08:00:00+08:00")
    for clock, phone, order in (("8:00", first, orders[0]), ("9:00", Phone(scene.ids["liwei"]), orders[1])):
        scene.at(clock)
        if phone is not first:
            phone.now = scene.now
            scene.phones["liwei"] = phone.register()
        scene.contact("liwei")
        if phone is first:
            scene.note("liwei", clock, "photo.add", order, taken)
        scene.note("liwei", clock, "note.add", order, {"note": new_id(), "text": "到了"})
        scene.contact("liwei")
    page = browser("chenhong").get("/office/people").text
    by_mark = [part for part in page.split('<div class="device">')[1:] if "最后记录" in part]
    assert len(by_mark) == 2
    newer, older = by_mark
    assert "地点1" in newer and "地点0" not in newer and "最后拍照" not in newer
    assert "地点0" in older and "地点1" not in older and "最后拍照 08:00" in older
    assert f'href="/office/orders/{orders[0]}"' in older
