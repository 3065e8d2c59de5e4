"""A disk that fills is said before it is full, to those who can do something about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient

from server.disk import RESERVE_BYTES
from server.photos import FolderStore
from server.room import FULL_BYTES, LOW_BYTES
from tests.server.office.conftest import browser, scene
from tests.server.office.scene import Scene

__all__ = ["browser", "scene"]  # fixtures


@pytest.mark.parametrize(
    ("free", "status", "disk", "admin", "desk"),
    [
        (LOW_BYTES, 200, "ok", None, None),
        (LOW_BYTES - 1, 200, "low", "照片就会留在手机上收不进来。 请腾出空间", None),
        (
            RESERVE_BYTES - 1,
            200,
            "photos_wait",
            "照片暂时留在手机上",
            "照片暂时留在手机上，记录照常收下。 请告诉管理员",
        ),
        (FULL_BYTES - 1, 503, "disk", "服务器磁盘已满", "现在只能查看，不能保存"),
    ],
)
def test_what_is_left_is_said_in_words_and_to_programs(
    app: APIFlask,
    client: FlaskClient,
    scene: Scene,
    browser: Callable[..., FlaskClient],
    monkeypatch: pytest.MonkeyPatch,
    free: int,
    status: int,
    disk: str,
    admin: str | None,
    desk: str | None,
) -> None:
    scene.person("root", "管理员", "admin")
    people = [browser("root"), browser("zhangmin")]
    app.extensions["undercroft"] = replace(app.extensions["undercroft"], free_bytes=lambda _folder: free)
    monkeypatch.setattr(FolderStore, "free_bytes", lambda _store: free)
    answer = client.get("/readyz")
    told = answer.get_json()
    assert (answer.status_code, told.get("part") or told["disk"]) == (status, disk)
    for reader, words in zip(people, (admin, desk), strict=True):
        for address in ("/office/", "/office/orders", "/office/people"):
            page = reader.get(address).text
            assert ("服务器磁盘" in page) == (words is not None), address
            assert words is None or words in page
