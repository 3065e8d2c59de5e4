"""A phone: Chromium with a profile of its own, that can be killed and started again."""

from __future__ import annotations

import inspect
import io
import os
import re
import shutil
import signal
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from apiflask import APIFlask
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright, Route
from uuid_utils import uuid7
from werkzeug.serving import BaseWSGIServer, make_server

from pwa.assets import import_map
from server.database import writing
from server.services import services
from server.sync.exchange.office_ledger import NewOperation, write
from server.sync.store.feeds import put_document
from tests.chromium import ARGUMENTS
from tests.conftest import People, TestPerson

# A page with the app's modules and none of its screens, outside of the service worker's scope.
BENCH = """<!doctype html><html lang="zh-CN" data-languages="zh-CN en" data-timezone="Asia/Shanghai"
data-currency="CNY"><meta charset="utf-8"><script type="importmap">%s</script><script type="module">
const rooms = ["ledger/record", "ledger/line", "store/session", "store/documents", "store/database", "store/photos",
  "store/export", "store/drafts", "store/storage", "store/room", "sync/exchange", "sync/round", "sync/status",
  "sync/holding", "sync/previews", "capture/photo", "capture/camera", "capture/position", "capture/strokes",
  "ui/language", "documents/work_order/apply", "ledger/carry_over", "core/ids"];
const loaded = await Promise.all(rooms.map((room) => import(`/app/static/app/${room}.js`)));
window.core = Object.assign({}, ...loaded);
await core.openLast();
document.title = "ready";
</script>"""

# A phone in Chinese, whatever the browser's own language is.
CHINESE = "localStorage.setItem('undercroft-language', 'zh-CN')"
# Of one picture in a strip, in CSS pixels, and between two.
FRAME = {"width": 390, "height": 844}
GAP = 24
REQUIRED = "水泵试运行正常"
PRESSURE = "出口压力"


class Server:
    """The application, listening on one port for as long as it is wanted; it can go away and come back."""

    def __init__(self, app: APIFlask) -> None:
        self.app = app
        self.port = 0
        self._serving: tuple[BaseWSGIServer, threading.Thread] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        server = make_server("127.0.0.1", self.port, self.app, threaded=True)
        self.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        self._serving = server, thread

    def stop(self) -> None:
        if self._serving is not None:
            server, thread = self._serving
            self._serving = None
            server.shutdown()
            thread.join()
            server.server_close()


@pytest.fixture
def server(app: APIFlask) -> Iterator[Server]:
    """A server that listens."""
    made = Server(app)
    made.start()
    yield made
    made.stop()


class Phone:
    """A browser's storage, and its tabs at the server's address."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._context: BrowserContext | None = None

    @property
    def context(self) -> BrowserContext:
        assert self._context is not None
        return self._context

    def use(self, context: BrowserContext) -> None:
        """Open tabs in `context` from now on."""
        context.set_default_timeout(30_000)
        self._context = context

    def tab(self) -> Page:
        """A tab with the app's modules in `core`, and the person who was signed in last."""
        page = self.context.new_page()
        page.route("**/bench", _serve_bench)
        page.goto(f"{self.url}/bench")
        page.wait_for_function("document.title === 'ready'")
        return page


class MortalPhone(Phone):
    """One Chromium process on a profile of its own: it can be killed and started again."""

    def __init__(self, playwright: Playwright, chromium: str, profile: Path, url: str) -> None:
        super().__init__(url)
        self._chromium = chromium
        self._playwright = playwright
        self.profile = profile
        self._process: subprocess.Popen[bytes] | None = None
        self._browser: Browser | None = None

    def start(self) -> MortalPhone:
        """Start the process; the profile is what the last one left."""
        self.profile.mkdir(parents=True, exist_ok=True)
        own = ("--headless=new", "--remote-debugging-port=0", f"--user-data-dir={self.profile}", "about:blank")
        self._process = subprocess.Popen(
            [self._chromium, *ARGUMENTS, *own],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stderr is not None
        said = (line.decode() for line in self._process.stderr)
        address = next(line.split(" on ")[1].strip() for line in said if "DevTools listening on" in line)
        threading.Thread(target=self._process.stderr.read, daemon=True).start()
        self._browser = self._playwright.chromium.connect_over_cdp(address)
        self.use(self._browser.contexts[0])
        return self

    def copied_to(self, profile: Path) -> MortalPhone:
        """Another phone on a copy of this one's storage, not started; this one must not run."""
        shutil.copytree(self.profile, profile, ignore=shutil.ignore_patterns("Singleton*"))
        return MortalPhone(self._playwright, self._chromium, profile, self.url)

    def kill(self) -> None:
        """End every process of this browser at once, as an empty battery would."""
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._browser is not None:
            with suppress(Error):
                self._browser.close()
            self._browser = None


def _serve_bench(route: Route) -> None:
    route.fulfill(body=BENCH % import_map(), content_type="text/html")


@pytest.fixture
def phone(browser: Browser, server: Server) -> Iterator[Phone]:
    """A phone that has never met the server before."""
    made = Phone(server.url)
    made.use(browser.new_context())
    yield made
    made.context.close()


@pytest.fixture
def mortal_phone(playwright: Playwright, chromium: str, tmp_path: Path, server: Server) -> Iterator[MortalPhone]:
    """As `phone`, in a process of its own that the test may kill."""
    made = MortalPhone(playwright, chromium, tmp_path / "profile", server.url)
    try:
        yield made.start()
    finally:
        made.kill()


Film = Callable[[Page], None]


@pytest.fixture
def film(request: pytest.FixtureRequest, pytestconfig: pytest.Config) -> Iterator[Film]:
    """Keeps what a person sees at the moments that a test names, as a strip of pictures; only with `--films FOLDER`."""
    folder = pytestconfig.getoption("--films")
    frames: dict[int, Image.Image] = {}

    def keep(page: Page) -> None:
        asking = inspect.currentframe()
        line = asking.f_back.f_lineno if asking and asking.f_back else 0
        if folder and line not in frames:  # What a test does again and again is seen once.
            page.set_viewport_size(FRAME)  # type: ignore[arg-type]  # a ViewportSize
            frames[line] = Image.open(io.BytesIO(page.screenshot(animations="disabled"))).convert("RGB")

    yield keep
    if frames:
        strip = Image.new("RGB", (len(frames) * (FRAME["width"] + GAP) - GAP, FRAME["height"]), "white")
        for place, frame in enumerate(frames.values()):
            strip.paste(frame, (place * (FRAME["width"] + GAP), 0))
        name = re.sub(r"\W+", "-", request.node.name.removeprefix("test_")).strip("-")
        strip.resize((strip.width * 2 // 3, strip.height * 2 // 3)).save(Path(folder) / f"{name}.webp", quality=80)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A phone in somebody's hand: upright, Chinese, with a position."""
    made = browser.new_context(
        viewport={"width": 390, "height": 844},
        locale="zh-CN",
        has_touch=True,
        geolocation={"latitude": 25.28, "longitude": 110.29, "accuracy": 12},
        permissions=["geolocation"],
    )
    made.set_default_timeout(15_000)
    yield made
    made.close()


@pytest.fixture
def checklist(app: APIFlask) -> str:
    """A checklist with one required item that every repair carries."""
    identity = str(uuid7())
    items = [
        {"id": str(uuid7()), "text": REQUIRED, "type": "check", "required": True},
        {"id": str(uuid7()), "text": PRESSURE, "type": "number", "unit": "MPa", "low": "0.2", "high": "0.6"},
    ]
    body = {"id": identity, "name": "完工检查", "use": "work", "kinds": ["repair"], "items": items}
    with app.app_context(), writing() as connection:
        put_document(connection, "checklist", identity, body, services().now())
    return identity


@dataclass(frozen=True)
class Job:
    """A work order that the office gave to somebody."""

    id: str
    number: str


@pytest.fixture
def job(app: APIFlask, people: People) -> Job:
    """A repair for Zhang."""
    return give_job(app, people, people.zhang)


def give_job(app: APIFlask, people: People, person: TestPerson, fault: str = "水泵漏水") -> Job:
    """A repair for `person`, opened by the service desk."""
    target = str(uuid7())
    data: dict[str, Any] = {"kind": "repair", "fault": fault, "assignees": [person.id]}  # Any: JSON of an operation
    with app.app_context(), writing() as connection:
        running = services()
        operation = NewOperation("order.open", target, data)
        outcomes = write(connection, running.pen, people.wang.id, [operation], running.now())
    assert outcomes[0].status == "applied", outcomes[0]
    return Job(target, outcomes[0].detail["number"])


def sign_in(page: Page, person: TestPerson) -> None:
    """Sign the person in, and exchange once."""
    page.evaluate("([name, password]) => core.signIn(name, password)", [person.username, person.password])
    page.evaluate("core.sendNow()")
