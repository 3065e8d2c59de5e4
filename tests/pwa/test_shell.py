"""The shell and its service worker: the app starts with no server anywhere, and changes only when asked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from apiflask import APIFlask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect

import pwa as app_blueprint
from pwa import assets
from server.export_files.taking import import_file
from server.export_files.wiring import this_server
from tests.conftest import People
from tests.pwa.conftest import Film, Job, MortalPhone, Phone, Server
from tests.pwa.waiting import until


def installed(phone: Phone) -> Page:
    """A tab in which the app has been installed."""
    page = phone.context.new_page()
    page.goto(f"{phone.url}/app/")
    until(page, "navigator.serviceWorker.controller !== null")
    return page


def take_over(page: Page, agree: Callable[[], None]) -> None:
    """Agree to the new version, which carries a marker. A browser may let the old one finish first; then the app
    starts again as it is and asks once more."""
    for _ in range(4):
        with page.expect_navigation():
            agree()
        if page.evaluate("import('/app/static/app/ledger/line.js').then(({marker}) => marker ?? null)") == 2:
            return
    pytest.fail("the new version did not take over")


def test_the_second_start_needs_no_server(mortal_phone: MortalPhone, server: Server) -> None:
    installed(mortal_phone)
    mortal_phone.kill()
    server.stop()
    mortal_phone.start()
    page = mortal_phone.context.new_page()
    page.goto(f"{mortal_phone.url}/app/orders/any")
    assert page.locator("#app").count() == 1
    for module in ("ledger/record.js", "sync/exchange.js", "ui/language.js"):
        assert page.evaluate(f"import('/app/static/app/{module}').then((it) => Object.keys(it).length)") > 0
    page.evaluate("import('/app/static/app/ui/language.js').then(({loadLanguages}) => loadLanguages())")
    text = "import('/app/static/app/ui/language.js').then(({t}) => t('stage-en-route', {}, 'zh-CN'))"
    assert page.evaluate(text) == "途中"
    assert page.evaluate("fetch('/app/manifest.webmanifest').then((answer) => answer.json())")["start_url"] == "/app/"


def test_every_file_of_the_precache_is_served_with_its_hash(client: FlaskClient) -> None:
    worker = client.get("/app/service-worker.js")
    assert worker.headers["Service-Worker-Allowed"] == "/app/"
    listed = json.loads(worker.text.split("\n", 1)[0].removeprefix("self.UNDERCROFT = ").removesuffix(";"))
    assert "/app/static/app/main.js" in listed["files"] or not (assets.STATIC / "app" / "main.js").exists()
    for url, sha256 in listed["files"].items():
        assert hashlib.sha256(client.get(url).data).hexdigest() == sha256, url


def test_a_file_is_cached_by_its_hash_alone(client: FlaskClient) -> None:
    url = "/app/static/app/ledger/line.js"
    first = client.get(url)
    assert first.headers["Cache-Control"] == "no-cache"
    assert client.get(url, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    sha256 = hashlib.sha256(first.data).hexdigest()
    assert "immutable" in client.get(f"{url}?v={sha256[:16]}").headers["Cache-Control"]
    assert client.get(f"{url}?v={'0' * 16}").status_code == 404
    assert client.get("/app/static/../__init__.py").status_code == 404


def test_the_page_runs_our_scripts_and_no_other(client: FlaskClient) -> None:
    page = client.get("/app/")
    policy = page.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert assets.csp_hash(assets.import_map()) in policy
    assert page.data == client.get("/app/orders/1/photos").data


def test_the_manifest_speaks_the_phones_language(client: FlaskClient) -> None:
    chinese = client.get("/app/manifest.webmanifest", headers={"Accept-Language": "zh-CN"}).get_json(force=True)
    english = client.get("/app/manifest.webmanifest", headers={"Accept-Language": "en-GB"}).get_json(force=True)
    assert (chinese["lang"], english["lang"]) == ("zh-CN", "en")
    assert chinese["description"] != english["description"]
    assert english["scope"] == english["start_url"] == "/app/"
    assert {icon["sizes"] for icon in english["icons"]} >= {"192x192", "512x512"}


@pytest.fixture
def next_version(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A copy of the app's files from which the server serves, so that a test can change them."""
    import shutil

    copy = shutil.copytree(assets.STATIC, tmp_path / "static")
    monkeypatch.setattr(app_blueprint, "STATIC", copy)
    monkeypatch.setattr(app_blueprint, "phone_files", lambda: assets.phone_files(copy))
    monkeypatch.setattr(app_blueprint.Precache, "of", lambda shell: PRECACHE_OF(shell, copy))
    yield copy


PRECACHE_OF = assets.Precache.of


def test_a_new_version_waits_until_the_person_agrees(next_version: Path, phone: Phone) -> None:
    page = installed(phone)
    caches = "caches.keys().then((names) => names.filter((name) => name.startsWith('undercroft-shell-')))"
    before = page.evaluate(caches)
    assert len(before) == 1
    database = "indexedDB.databases().then((all) => all.map(({name, version}) => name + version).sort())"
    stores = page.evaluate(database)

    line = next_version / "app" / "ledger" / "line.js"
    line.write_text(line.read_text("utf-8") + "\nexport const marker = 2;\n", "utf-8")
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    until(page, "navigator.serviceWorker.ready.then(({waiting}) => waiting?.state === 'installed')")
    version = "import('/app/static/app/shell/version.js')"
    until(page, f"{version}.then(({{newVersionWaits}}) => newVersionWaits.value)")
    assert len(page.evaluate(caches)) == 2
    # Whoever starts again without agreeing still gets the old one, whole.
    page.reload()
    assert page.evaluate("import('/app/static/app/ledger/line.js').then(({marker}) => marker)") is None

    def agree() -> None:
        until(page, f"{version}.then(({{newVersionWaits}}) => newVersionWaits.value)")
        page.evaluate(f"{version}.then(({{takeNewVersion}}) => takeNewVersion())")

    take_over(page, agree)
    until(page, f"{caches}.then((names) => names.length === 1)")
    assert page.evaluate(caches) != before
    assert page.evaluate(database) == stores


RECORD_MUCH = """async ([username, password, order]) => {
  const app = "/app/static/app/";
  const {signIn} = await import(app + "store/session.js");
  const {record, newId} = await import(app + "ledger/record.js");
  const {takeIn} = await import(app + "capture/photo.js");
  const {keepDraft} = await import(app + "store/drafts.js");
  await signIn(username, password);
  for (let number = 0; number < 60; number += 1) {
    await record([{kind: "note.add", target: order, data: {note: newId(), text: `${number} ${"水".repeat(500)}`}}]);
  }
  for (let number = 0; number < 3; number += 1) {
    const bytes = crypto.getRandomValues(new Uint8Array(50_000));
    bytes.set([255, 216, 255]);
    const taken = await takeIn(new Blob([bytes]));
    const {photo, sha256, size, media_type} = taken;
    const data = {photo, sha256, size, media_type, purpose: "fault", taken_at: new Date().toISOString()};
    await record([{kind: "photo.add", target: order, data}], [{...taken, target: order}]);
  }
  await keepDraft("edit:order:diagnosis", {was: "", now: "轴封磨损"});
}"""
ALL_OF_IT = """async () => {
  const {store} = await import("/app/static/app/store/database.js");
  const database = await store();
  const lines = (await database.getAll("lines")).map(({text}) => text);
  const photos = await Promise.all((await database.getAll("photos")).map(async ({sha256, blob}) => {
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    return [sha256, Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("")];
  }));
  return {lines, photos, drafts: await database.getAll("drafts")};
}"""


def test_a_new_version_asks_first_and_touches_nothing_that_is_recorded(
    next_version: Path, phone: Phone, people: People, job: Job
) -> None:
    page = installed(phone)
    phone.context.route("**/api/v1/sync", lambda route: route.abort())
    page.evaluate(RECORD_MUCH, [people.zhang.username, people.zhang.password, job.id])
    before = page.evaluate(ALL_OF_IT)
    assert len([line for line in before["lines"] if '"kind":"anchor"' not in line]) == 63
    assert len(before["photos"]) == 3 and all(named == found for named, found in before["photos"])

    page.evaluate("window.notReloaded = true")
    line = next_version / "app" / "ledger" / "line.js"
    line.write_text(line.read_text("utf-8") + "\nexport const marker = 2;\n", "utf-8")
    page.evaluate("navigator.serviceWorker.ready.then((registration) => registration.update())")
    asks = page.locator(".new-version")
    expect(asks).to_be_visible(timeout=20_000)
    assert page.evaluate("window.notReloaded") is True
    assert page.evaluate(ALL_OF_IT)["lines"] == before["lines"]

    take_over(page, asks.get_by_role("button").click)
    page.wait_for_function("() => window.notReloaded === undefined && document.querySelector('main') !== null")
    until(page, "import('/app/static/app/store/session.js').then(({session}) => session.value !== null)")
    after = page.evaluate(ALL_OF_IT)
    assert after == before


def test_a_version_that_is_not_complete_is_not_installed(
    next_version: Path, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = installed(phone)
    before = page.evaluate("caches.keys()")
    line = next_version / "app" / "ledger" / "line.js"
    line.write_text("export const marker = 3;\n", "utf-8")
    listed = PRECACHE_OF(page.request.get(f"{phone.url}/app/").text(), next_version)
    monkeypatch.setattr(app_blueprint.Precache, "of", lambda shell: listed)
    line.write_text("export const marker = 4;\n", "utf-8")  # Changed after the list was made.
    state = page.evaluate(
        """new Promise(async (resolve) => {
          const registration = await navigator.serviceWorker.ready;
          registration.addEventListener('updatefound', () => {
            const worker = registration.installing;
            worker.addEventListener('statechange', () => resolve(worker.state));
          });
          await registration.update();
        })"""
    )
    assert state == "redundant"
    assert page.evaluate("caches.keys()") == before


FORGET = """async (left) => {
  const [name] = (await caches.keys()).filter((one) => one.startsWith("undercroft-shell-"));
  if (left === null) return void (await caches.delete(name));
  const cache = await caches.open(name);
  for (const url of left) await cache.delete(url);
}"""
KEPT = """async () => {
  const [name] = (await caches.keys()).filter((one) => one.startsWith("undercroft-shell-"));
  return name === undefined ? 0 : (await (await caches.open(name)).keys()).length;
}"""
ONE_FILE = ["/app/static/app/shell/today.js"]


def test_what_a_browser_threw_away_of_the_app_comes_back_with_the_next_start_or_contact(phone: Phone) -> None:
    page = installed(phone)
    until(page, f"({KEPT})().then((kept) => kept > 100)")
    whole = page.evaluate(KEPT)
    for left in (ONE_FILE, None):
        page.evaluate(FORGET, left)
        assert page.evaluate(KEPT) < whole
        page.reload()
        until(page, f"({KEPT})().then((kept) => kept === {whole})")
    page.evaluate(FORGET, ONE_FILE)
    online = "import('/app/static/app/sync/status.js').then(({online}) => { online.value = %s; })"
    for state in ("false", "true"):
        page.evaluate(online % state)
    until(page, f"({KEPT})().then((kept) => kept === {whole})")


def test_a_version_that_is_not_whole_and_cannot_be_again_gives_way_to_the_servers(
    next_version: Path, phone: Phone
) -> None:
    page = installed(phone)
    line = next_version / "app" / "ledger" / "line.js"
    line.write_text(line.read_text("utf-8") + "\nexport const marker = 2;\n", "utf-8")
    today = next_version / "app" / "shell" / "today.js"
    today.write_text(today.read_text("utf-8") + "\n// of the next version\n", "utf-8")
    page.evaluate(FORGET, ONE_FILE)
    page.reload()
    expect(page.locator("input[autocomplete=username]")).to_be_visible()
    # No mixture of the two: the stored module is not used beside the new one.
    marker = "import('/app/static/app/ledger/line.js').then(({marker}) => marker)"
    assert page.evaluate(marker) == 2


@pytest.mark.parametrize("left", [ONE_FILE, None], ids=["one file", "all of it"])
def test_without_signal_a_missing_part_is_said_and_the_unsent_leaves_as_a_file(
    left: list[str] | None, app: APIFlask, phone: Phone, server: Server, people: People, job: Job, film: Film
) -> None:
    page = installed(phone)
    page.route("**/api/v1/sync", lambda route: route.abort())
    page.evaluate(RECORD_MUCH, [people.zhang.username, people.zhang.password, job.id])
    recorded = page.evaluate(ALL_OF_IT)
    page.evaluate(FORGET, left)
    server.stop()
    page.reload()
    title, export = "A part of the app is missing", "Save as a file"
    for language, heading in (("zh-CN", "应用缺了一部分"), ("en", title)):
        page.evaluate("(language) => localStorage.setItem('undercroft-language', language)", language)
        page.reload()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()
        expect(page.locator(".file .lines")).to_have_text("63")
        expect(page.locator(".file .photos")).to_have_text("3")
        film(page)
    with page.expect_download() as downloading:
        page.get_by_role("button", name=export).click()
    expect(page.get_by_role("status")).to_be_visible()
    film(page)

    # The office takes it in as any other export file.
    with app.app_context(), Path(downloading.value.path()).open("rb") as file:
        imported = import_file(file, this_server())
    assert [came.outcome.status for came in imported.operations] == ["applied"] * 63
    assert imported.ledger.lines == [line.encode() for line in recorded["lines"]]
    assert set(imported.photos) == {sha256 for sha256, _ in recorded["photos"]}

    # While a customer holds the phone, nothing is handed out.
    keep = """async () => {
      const {openStore} = await import("/app/static/app/store/database.js");
      const {lastEntry} = await import("/app/static/app/store/directory.js");
      await (await openStore((await lastEntry()).id)).put("drafts", {key: "handed-over", value: "order", at: ""});
    }"""
    page.evaluate(keep)
    page.reload()
    expect(page.get_by_role("heading", name=title)).to_be_visible()
    expect(page.get_by_role("button", name=export)).to_have_count(0)
    film(page)

    # With the server back all of it is there again.
    server.start()
    with page.expect_navigation():
        page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".state")).to_be_visible()
    assert page.evaluate(ALL_OF_IT)["lines"] == recorded["lines"]
