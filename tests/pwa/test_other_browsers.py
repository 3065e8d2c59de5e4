"""Undercroft in WebKit and in Firefox: what their databases do differently, and a job through a cold start offline."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest
from apiflask import APIFlask
from sqlalchemy import select

from server.database import reading
from server.models import Document
from tests.conftest import People
from tests.other_browsers import Tab, firefox, webkit
from tests.pwa.conftest import Job, Server, give_job

STORE = 'import("/app/static/app/store/database.js").then(({store}) => store())'
ORDERS = '(await import("/app/static/app/store/documents.js")).orders.value.map(({id}) => id).sort()'
LOSES = "document.body.innerText.includes('这个浏览器没有留住')"
LOST = '(await import("/app/static/app/sync/holding.js")).lostByBrowser.value'
SAFE = "document.querySelector('.state')?.innerText.includes('全部已送达')"
READY = "navigator.serviceWorker.controller !== null"
DIAGNOSIS = "轴封磨损"
# On the disk, as a browser's own reading has it: the line that says what was found.
KEPT = """new Promise((resolve) => {
  const opened = indexedDB.open("undercroft-%s");
  opened.onsuccess = () => {
    const all = opened.result.transaction("lines").objectStore("lines").getAll();
    all.onsuccess = () => {
      opened.result.close();
      resolve(all.result.some(({text}) => text.includes("diagnosis")));
    };
  };
})"""


def open_app(tab: Tab, server: Server, people: People) -> None:
    """Sign Zhang in."""
    tab.go(f"{server.url}/app/")
    tab.enter("用户名", people.zhang.username)
    tab.enter("密码", people.zhang.password)
    tab.press("登录")
    tab.until(SAFE)


def test_webkit_in_memory_as_in_a_private_window_shows_every_order(
    app: APIFlask, server: Server, people: People, job: Job
) -> None:
    other = give_job(app, people, people.zhang, "电机过热")
    with webkit() as tab:
        open_app(tab, server, people)
        tab.sees("电机过热")
        # The one read that this browser answers with other than was asked for.
        index = f"(await {STORE}).transaction('documents').objectStore('documents').index('gone')"
        assert tab.evaluate(f"(await {index}.getAll()).length") > tab.evaluate(f"{index}.count()")
        for _ in range(2):
            tab.evaluate('(await import("/app/static/app/sync/exchange.js")).sendNow()')
        assert tab.evaluate(ORDERS) == sorted([job.id, other.id])
        assert tab.evaluate(LOST) == 0
        # What it lacks is said, and no figure made up.
        assert tab.evaluate("typeof navigator.storage") == "undefined"
        tab.evaluate("location.hash = '#/me'")
        tab.sees("这个浏览器不说还剩多少空间")
        assert "可用约" not in tab.evaluate("document.body.innerText")


@pytest.mark.parametrize("browser", [webkit, firefox])
def test_a_job_goes_on_in_a_browser_that_was_closed_without_a_network(
    browser: Callable[[Path], AbstractContextManager[Tab]],
    app: APIFlask,
    server: Server,
    people: People,
    job: Job,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "data"
    with browser(folder) as tab:
        open_app(tab, server, people)
        tab.until(READY)
        assert not tab.evaluate(LOSES)
    server.stop()
    with browser(folder) as tab:
        tab.go(f"{server.url}/app/#/orders/{job.id}")
        for name in ("接单", "出发", "到达现场", "登记到达", "开始处理"):
            tab.press(name)
        tab.enter("诊断", DIAGNOSIS)
        tab.until(KEPT % people.zhang.id)
    with browser(folder) as tab:
        tab.go(f"{server.url}/app/#/orders/{job.id}")
        tab.sees("完工，请客户签字")
        tab.until(f"document.querySelector('textarea').value === '{DIAGNOSIS}'")
        server.start()
        tab.evaluate("dispatchEvent(new Event('online'))")
        tab.until(SAFE)
        assert not tab.evaluate(LOSES)
    with app.app_context(), reading() as connection:
        body = connection.scalar(select(Document.body).where(Document.id == job.id))
    order = json.loads(body)
    assert (order["stage"], order["diagnosis"]) == ("working", DIAGNOSIS)
