"""How old a position is where clocks and receivers are wrong, and what is no position at all."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server, sign_in
from tests.pwa.test_evidence import job as job  # the site with coordinates
from tests.pwa.test_evidence import weak
from tests.pwa.test_screens import lines, start, step
from tests.pwa.waiting import until

# A receiver that gives what the test says, and clocks that it moves: `off` is by how much the calendar clock is wrong.
RECEIVER = """const True = Date, started = performance.now.bind(performance), asked = [];
window.off ??= 0;
window.passed = 0;  // On both clocks.
window.slept = 0;  // The one that only runs stood still meanwhile.
window.truth = () => True.now() + window.passed + window.slept;
window.Date = class extends True {
  constructor(...given) { super(...(given.length ? given : [window.Date.now()])); }
  static now() { return window.truth() + window.off; }
};
performance.now = () => started() + window.passed;
Geolocation.prototype.watchPosition = function (took, refused) { asked.push({took, refused}); return asked.length; };
Geolocation.prototype.getCurrentPosition = () => {};
Geolocation.prototype.clearWatch = () => {};
window.gives = (coords, timestamp = window.truth()) => asked.at(-1).took({timestamp, coords: {
  latitude: 25.28, longitude: 110.29, accuracy: 8, altitude: null, speed: null, heading: null, ...coords}});
window.problem = () => asked.at(-1).refused({code: 2});"""

# Each step: what happens, then the age that the app gives the fix that comes in, in seconds.
WALK = """async (steps) => {
  const ages = [];
  for (const {passed = 0, slept = 0, off, stamp} of steps) {
    window.passed += passed * 1000;
    window.slept += slept * 1000;
    if (off !== undefined) window.off = off * 1000;
    window.gives({latitude: 25.28 + ages.length / 1e7}, window.truth() + stamp * 1000);
    ages.push(core.position.value.age_s);
  }
  return ages;
}"""
# The last arrival as the server has judged it; null before that.
ARRIVAL = """async (id) => {
  const {orders} = await import("/app/static/app/store/documents.js");
  const arrival = orders.value.find((order) => order.id === id)?.body.arrivals?.at(-1);
  return arrival?.reasons?.length ? arrival : null;
}"""
ROLLOVER_S = 1024 * 7 * 86_400
HOUR = 3600

WALKS: dict[str, tuple[list[dict[str, float]], list[float]]] = {
    "a clock three hours fast, and satellites that are right": (
        [{"off": 3 * HOUR, "stamp": 0}, {"passed": 4, "stamp": 0}, {"passed": 60, "stamp": 0}],
        [3 * HOUR, 0, 0],
    ),
    "the same, and the first fix is a kept one": (
        [{"off": 3 * HOUR, "stamp": -600}, {"passed": 2, "stamp": 0}, {"passed": 4, "stamp": 0}],
        [3 * HOUR + 600, 3 * HOUR, 0],
    ),
    "a kept fix that is given again and again is as old as it is": (
        [{"stamp": -600}, {"passed": 5, "stamp": -605}, {"passed": 60, "stamp": -665}, {"passed": 1, "stamp": 0}],
        [600, 605, 665, 0],
    ),
    "a fix of before the phone slept": (
        [{"stamp": 0}, {"passed": 3, "slept": HOUR, "stamp": -HOUR}, {"passed": 1, "stamp": 0}],
        [0, HOUR, 0],
    ),
    "a clock that is set ahead while the app runs": (
        [{"stamp": 0}, {"passed": 4, "off": 3 * HOUR, "stamp": 0}, {"passed": 4, "stamp": 0}],
        [0, 3 * HOUR, 0],
    ),
    "a clock that is set back while the app runs": (
        [{"stamp": 0}, {"passed": 4, "off": -3 * HOUR, "stamp": 0}, {"passed": 4, "stamp": 0}],
        [0, 0, 0],
    ),
    "a receiver that begins to count its weeks anew": (
        [{"stamp": 0}, {"passed": 5, "stamp": -ROLLOVER_S}, {"passed": 5, "stamp": -ROLLOVER_S - 5}],
        [0, 0, 5],
    ),
    "a stamp of the future beats nothing": (
        [{"stamp": 0}, {"passed": 5, "stamp": 2 * HOUR}, {"passed": 5, "stamp": 0}, {"passed": 5, "stamp": 0}],
        [0, 0, 5, 0],
    ),
    "a stamp of years ahead beats nothing": (
        [{"stamp": 20 * 365 * 86_400}, {"passed": 5, "stamp": 0}, {"passed": 5, "stamp": -5}],
        [0, 0, 5],
    ),
    "stamps that are eight hours off move along all the same": (
        [{"stamp": -8 * HOUR}, {"passed": 4, "stamp": -8 * HOUR}, {"passed": 4, "stamp": -8 * HOUR - 4}],
        [8 * HOUR, 0, 4],
    ),
}
UNUSABLE = (
    "{accuracy: 0}", "{accuracy: null}", "{accuracy: undefined}", "{accuracy: -1}", "{accuracy: NaN}",
    "{accuracy: Infinity}", "{latitude: NaN}", "{latitude: 91}", "{latitude: null}", "{longitude: Infinity}",
    "{longitude: 180.5}", "{longitude: undefined}",
)  # fmt: skip


def test_a_fix_is_as_old_as_its_stamps_and_the_phones_clocks_say_together(phone: Phone, people: People) -> None:
    phone.context.add_init_script(RECEIVER)
    page = phone.tab()
    sign_in(page, people.zhang)
    wrong = []
    for name, (steps, expected) in WALKS.items():
        page.reload()
        page.wait_for_function("document.title === 'ready'")
        page.evaluate("(async () => (await core.store()).delete('meta', 'last_fix'))()")
        page.evaluate("(async () => (await core.store()).delete('meta', 'server_clock'))()")
        page.evaluate("void (window.stop = core.watch())")
        ages = page.evaluate(WALK, steps)
        if any(abs(age - right) > 1.5 for age, right in zip(ages, expected, strict=True)):
            wrong.append((name, ages, expected))
    assert wrong == []


RECALLED = """async (kept) => {
  const {localTime} = await import("/app/static/app/ledger/clock.js");
  const at = (seconds) => localTime(new Date(Date.now() + seconds * 1000));
  const fix = {latitude: 25.28, longitude: 110.29, accuracy_m: 8};
  for (const name of ["fixed_at", "came_at"]) if (name in kept) kept[name] = at(kept[name]);
  await (await core.store()).put("meta", {...fix, ...kept}, "last_fix");
  await core.recallPosition();
  return core.position.value;
}"""


def test_a_fix_of_an_earlier_run_is_as_old_as_the_phones_clock_says(phone: Phone, people: People) -> None:
    page = phone.tab()
    sign_in(page, people.zhang)
    cases: list[tuple[dict[str, float], float | None]] = [
        ({"fixed_at": -3 * HOUR, "came_at": -600, "age_s": 5}, 605),
        ({"fixed_at": -600, "came_at": 60, "age_s": 0}, None),  # The clock was set back since.
        ({"fixed_at": -3 * 86_400, "came_at": -86_300, "age_s": 200}, None),
        ({"fixed_at": -600}, 600),  # As an earlier version of the app kept it.
    ]
    for kept, age_s in cases:
        page.reload()
        page.wait_for_function("document.title === 'ready'")
        recalled = page.evaluate(RECALLED, kept)
        if age_s is None:
            assert recalled is None, kept
        else:
            assert abs(recalled["age_s"] - age_s) < 1.5, kept
            assert recalled.keys() == {"latitude", "longitude", "accuracy_m", "fixed_at", "age_s"}


GIVES = "([coords, stamp]) => window.gives(eval(`(${coords})`), window.truth() + stamp)"


def on_the_way_to_the_door(context: BrowserContext, server: Server, people: People, job: Job) -> Page:
    """A phone whose receiver gives what the test says, on the screen where an arrival is recorded."""
    context.add_init_script(RECEIVER)
    page = start(context, server, people.zhang, job)
    for name in ("接单", "出发", "到达现场"):
        step(page, name)
    return page


def test_a_phone_whose_clock_is_hours_fast_is_where_it_is(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    context.add_init_script("window.off = 3 * 3_600_000;")
    page = on_the_way_to_the_door(context, server, people, job)
    page.evaluate(GIVES, ["{}", 0])
    expect(page.get_by_text("刚刚定位，误差 ±8 m")).to_be_visible()
    expect(page.get_by_text("在现场范围内")).to_be_visible()
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    expect(weak(page).get_by_text("定位")).to_have_count(0)
    until(page, ARRIVAL, job.id)
    arrival = page.evaluate(ARRIVAL, job.id)
    assert (arrival["verdict"], arrival["place"]["answer"]) == ("verified", "inside")
    [off] = [reason for reason in arrival["reasons"] if reason["code"] == "phone_clock_off"]
    assert (off["direction"], round(off["seconds"] / 60)) == ("ahead", 180)
    assert "gps_agrees" in [reason["code"] for reason in arrival["reasons"]]


def test_what_is_no_position_is_none_and_is_said(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = on_the_way_to_the_door(context, server, people, job)
    where = page.locator(".where")
    for coords in UNUSABLE:
        page.evaluate(GIVES, [coords, 0])
        expect(where, coords).to_contain_text("位置不能用")
        assert "NaN" not in where.inner_html(), coords
        assert "没有位置也可以登记" in where.inner_text()
        page.evaluate("window.problem()")
        expect(where).to_contain_text("定位不到")
    for stamp in ("NaN", "-1e15", "1e18"):
        page.evaluate(f"window.gives({{}}, {stamp})")
        expect(where, stamp).to_contain_text("位置不能用")
        page.evaluate("window.problem()")
        expect(where).to_contain_text("定位不到")
    page.evaluate(GIVES, ["{accuracy: NaN}", 0])
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    expect(weak(page)).to_contain_text("到达时没有定位")
    [arrival] = lines(page, "arrival.record")
    assert (arrival["data"]["position"], arrival["data"]["why_none"]) == (None, "unusable")
    until(page, ARRIVAL, job.id)
    reasons = page.evaluate(ARRIVAL, job.id)["reasons"]
    assert {"code": "no_position", "why": "unusable"} in reasons

    weak(page).get_by_role("button", name="再登记到达").click()
    page.evaluate(GIVES, ["{accuracy: 12}", 0])
    expect(where).to_contain_text("误差 ±12 m")
    page.evaluate(GIVES, ["{accuracy: NaN}", 0])
    expect(where, "what was known stays").to_contain_text("误差 ±12 m")
    page.evaluate(GIVES, ["{accuracy: 9, altitude: NaN, speed: Infinity, heading: NaN}", 0])
    expect(where).to_contain_text("误差 ±9 m")
    step(page, "登记到达")
    expect(page.locator(".foot .main")).to_have_text("开始处理")
    found = lines(page, "arrival.record")[-1]["data"]["position"]
    assert found.keys() == {"latitude", "longitude", "accuracy_m", "fixed_at", "age_s"}
