"""A phone whose clock is known to be wrong shows and compares times as the server has them; its lines do not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Film, Job, Server
from tests.pwa.test_conditions import SEND, WRONG_CLOCK, show
from tests.pwa.test_conflicts import office
from tests.pwa.test_screens import lines, start, work
from tests.pwa.waiting import until

APP = Path(__file__).resolve().parents[2] / "pwa" / "static" / "app"
RAW = re.compile(r"\bDate\.now\(\)|\bnew Date\(\)")
ALLOWED = {
    "ledger/clock.js": "what the clocks say, for lines and exchanges",
    "core/ids.js": "the time in an id is an order, not a time",
    "store/true_time.js": "where it is put right",
    "store/server_clock.js": "what the two clocks said, to be compared",
    "store/drafts.js": "kept beside a draft, shown nowhere",
    "store/pin.js": "how long to wait, between two readings of one clock",
    "sync/turns.js": "how long a tab has its turn, between two readings of one clock",
    "capture/position.js": "the age of a fix: evidence",
    "rescue.js": "the worker's own page knows no server's time",
}
"""Where the phone's own clock may be read, and why."""

SHANGHAI = timedelta(hours=8)
WRONG = {"three hours fast": timedelta(hours=3), "two days slow": -timedelta(days=2)}
OF_ORDER = ("{}", "{}/arrive", "{}/photos", "{}/materials", "{}/checklist", "{}/sign")
SCREENS = ("today", *OF_ORDER, "conflicts", "new", "outbox", "me")
PHOTO = """async (order) => {
  const canvas = Object.assign(document.createElement('canvas'), {width: 64, height: 64});
  canvas.getContext('2d').fillRect(0, 0, 32, 32);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg'));
  return (await import('/app/static/app/documents/parts/photo_queue.js')).keepInTurn(order, blob, {purpose: 'before'});
}"""
PRESENT = "async () => (await import('/app/static/app/ui/moments.js')).now.value"
IS_PRESENT = """async (right) =>
  Math.abs((await import('/app/static/app/ui/moments.js')).now.value - right) < 120_000"""
LEFT = "async (by) => (await import('/app/static/app/ui/moments.js')).secondsLeft(by)"


def test_the_phones_own_clock_is_read_only_where_it_is_meant() -> None:
    readers = {str(path.relative_to(APP)) for path in APP.rglob("*.js") if RAW.search(path.read_text("utf-8"))}
    assert readers == set(ALLOWED)


def wrong_times(page: Page, wrong: datetime) -> list[str]:
    """What a screen shows of the wrong clock: its day, or a time about what it says now."""
    text = page.locator("body").inner_text()
    minute = wrong.hour * 60 + wrong.minute
    times = [(hour, minutes) for hour, minutes in re.findall(r"(?<!\d)(\d\d):(\d\d)", text)]
    near = [f"{hour}:{minutes}" for hour, minutes in times if 0 <= minute - int(hour) * 60 - int(minutes) < 10]
    days = [day for day in (f"{wrong.month}月{wrong.day}日",) if day in text]
    return days if wrong.date() != (datetime.now(UTC) + SHANGHAI).date() else near


@pytest.mark.parametrize("name", WRONG)
def test_no_screen_shows_or_compares_by_a_clock_that_is_known_to_be_wrong(
    name: str, context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask, film: Film
) -> None:
    off = WRONG[name]
    present = datetime.now(UTC)
    window = {"start": stamp(present - timedelta(minutes=30)), "end": stamp(present + timedelta(minutes=90))}
    office(app, people, "order.plan", job, {"changes": {"window": {"was": None, "now": window}}})
    context.add_init_script(WRONG_CLOCK)
    context.add_init_script(f"globalThis.clockIsWrongBy = {off.total_seconds() * 1000}")
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    until(page, IS_PRESENT, present.timestamp() * 1000)
    assert 80 * 60 < page.evaluate(LEFT, window["end"]) < 91 * 60
    show(page, "today")
    expect(page.locator(".order-card", has_text=job.number).locator(".time")).to_have_text(
        "–".join((present + SHANGHAI + timedelta(minutes=by)).strftime("%H:%M") for by in (-30, 90))
    )
    film(page)
    show(page, f"orders/{job.id}")
    work(page)
    assert page.evaluate(PHOTO, job.id)
    page.evaluate(SEND)
    for again in (False, True):
        for screen in SCREENS:
            show(page, screen if "{}" not in screen else "orders/" + screen.format(job.id))
            expect(page.locator("h1, .customer").first).to_be_visible()
            shown = wrong_times(page, datetime.now(UTC) + SHANGHAI + off)
            assert shown == [], f"{screen} shows {shown}"
            film(page)
        show(page, f"orders/{job.id}/photos")
        right = [datetime.now(UTC) + SHANGHAI - timedelta(minutes=by) for by in range(10)]
        expect(page.get_by_text(re.compile("|".join(at.strftime("%H:%M") for at in right))).first).to_be_visible()
        if not again:
            page.reload()
    # The line says what the clock said.
    [taken] = lines(page, "photo.add")
    raw = [datetime.fromisoformat(at) for at in (taken["at"]["wall"], taken["data"]["taken_at"])]
    assert all(abs(at - datetime.now(UTC) - off) < timedelta(minutes=10) for at in raw)


def stamp(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")


SET_RIGHT = "globalThis.clockIsWrongBy = 0; document.dispatchEvent(new Event('visibilitychange'))"


@pytest.mark.parametrize("name", WRONG)
def test_a_clock_that_is_set_right_without_a_signal_is_not_put_right_twice(
    name: str, context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script(WRONG_CLOCK)
    context.add_init_script(f"globalThis.clockIsWrongBy = {WRONG[name].total_seconds() * 1000}")
    page = start(context, server, people.zhang, job)
    page.evaluate(SEND)
    context.set_offline(True)
    page.evaluate(SET_RIGHT)
    assert abs(page.evaluate(PRESENT) / 1000 - datetime.now(UTC).timestamp()) < 120
    show(page, "today")
    expect(page.get_by_text("手机时钟比服务器")).to_have_count(0)
