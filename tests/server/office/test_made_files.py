"""What is made for one answer and may be long, the list of orders and the evidence of one, lies on the disk."""

from __future__ import annotations

import errno
import gc
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server import disk
from server.connections.outgoing import Outgoing
from server.web import made_files
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]


class Sender:
    """As the server that sends files from the disk: it gets the file, and no bytes of it."""

    given: list[Any] = []  # Any: files

    def __init__(self, file: Any, size: int = 0) -> None:
        self.file = file
        self.given.append(file)

    def __iter__(self) -> Iterator[bytes]:
        return iter(())

    def close(self) -> None:
        self.file.close()


@pytest.fixture(params=["list", "evidence"])
def address(request: pytest.FixtureRequest, scene: Scene) -> str:
    order = scene.open("zhangmin", "水泵漏水", None, None, None)
    return "/office/orders.csv" if request.param == "list" else f"/office/orders/{order}/evidence.zip"


@pytest.fixture(autouse=True)
def places(monkeypatch: pytest.MonkeyPatch) -> Iterator[made_files.Places]:
    """Every place is free, and free again in the end."""
    fresh = made_files.Places()
    monkeypatch.setattr(made_files, "PLACES", fresh)
    yield fresh
    Sender.given.clear()
    assert fresh.taken == 0


def get(desk: FlaskClient, address: str) -> TestResponse:
    return desk.get(address, environ_overrides={"wsgi.file_wrapper": Sender}, buffered=False)


def test_it_leaves_as_a_file_without_a_name(browser: Browser, address: str) -> None:
    with get(browser("zhangmin"), address) as answer:
        assert answer.status_code == 200
        file = Sender.given[-1]
        about = os.fstat(file.fileno())
        assert (about.st_nlink, about.st_size) == (0, answer.content_length)
        assert about.st_size > 100 and file.tell() == 0


def test_of_many_at_once_the_next_is_told_when_to_come_again(
    browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_files, "AT_ONCE", 2)
    desk = browser("zhangmin")
    with ExitStack() as reading:
        for _ in range(2):
            assert reading.enter_context(get(desk, address)).status_code == 200
        refused = desk.get(address)
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, str(made_files.AGAIN_S))
        assert "服务器正忙" in refused.text
    with get(desk, address) as answer:
        assert answer.status_code == 200


@pytest.mark.filterwarnings("error::pytest.PytestUnraisableExceptionWarning")
def test_it_leaves_the_room_that_lines_need(
    app: APIFlask, browser: Browser, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(made_files, "LOOKED_AT_BYTES", 1)
    left = iter([disk.RESERVE_BYTES, disk.RESERVE_BYTES - 1])
    known = app.extensions["undercroft"]
    desk = browser("zhangmin")
    app.extensions["undercroft"] = replace(known, free_bytes=lambda _folder: next(left, disk.RESERVE_BYTES - 1))
    refused = desk.get(address)
    assert (refused.status_code, refused.headers["Retry-After"]) == (507, str(disk.RETRY_AFTER_S))
    app.extensions["undercroft"] = known
    gc.collect()  # what was begun is not ended later


def test_its_place_is_taken_until_all_of_it_is_sent(scene: Scene, places: made_files.Places) -> None:
    file = made_files.MadeFile()
    sent = file.until_sent()
    file.close()
    file.close()
    assert places.taken == 1
    sent()
    assert places.taken == 0


def test_a_server_that_reads_it_itself_frees_the_place_with_its_end(
    browser: Browser, address: str, places: made_files.Places
) -> None:
    answer = browser("zhangmin").get(address)
    assert len(answer.get_data()) == answer.content_length
    assert places.taken == 0


def test_its_place_is_free_again_where_nothing_of_it_can_be_sent(
    scene: Scene, places: made_files.Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_more(_file: int) -> int:
        raise OSError(errno.EMFILE, "too many open files")

    file = made_files.MadeFile()
    monkeypatch.setattr(os, "dup", no_more)
    with pytest.raises(OSError, match="too many"):
        Outgoing().add_file(file.fileno(), 0, 1, file.until_sent())
    file.close()
    assert places.taken == 0


def test_one_that_nobody_closed_may_be_collected_while_another_asks_for_its_place(
    scene: Scene, places: made_files.Places
) -> None:
    file = made_files.MadeFile()
    with places._lock:  # as where collecting begins in the middle of `enter`
        file.close()
    assert places.taken == 0
