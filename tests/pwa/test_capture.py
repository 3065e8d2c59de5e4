"""Positions keep their age, signatures fit into a line, money is never rounded by a float."""

from __future__ import annotations

import json

from tests.conftest import People
from tests.pwa.conftest import Phone, sign_in
from tests.pwa.waiting import until


def test_the_last_fix_before_the_basement_is_still_there_with_its_age(phone: Phone, people: People) -> None:
    context = phone.context
    context.grant_permissions(["geolocation"])
    context.set_geolocation({"latitude": 31.2304, "longitude": 121.4737, "accuracy": 12})
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate("void (window.stop = core.watch())")
    page.wait_for_function("core.position.value !== null")
    found = page.evaluate("core.placeNow()")["position"]
    assert (found["latitude"], found["longitude"], found["accuracy_m"]) == (31.2304, 121.4737, 12)
    kept = "core.store().then((store) => store.get('meta', 'last_fix')).then((fix) => fix !== undefined)"
    until(page, kept)

    context.clear_permissions()
    page.reload()
    page.wait_for_function("document.title === 'ready'")
    page.evaluate("void (window.stop = core.watch())")
    page.wait_for_function("core.position.value !== null")
    later = page.evaluate("core.placeNow()")["position"]
    assert later["fixed_at"] == found["fixed_at"]
    assert later["age_s"] >= found["age_s"]


def test_without_any_fix_it_is_said_why(phone: Phone, people: People) -> None:
    phone.context.clear_permissions()
    page = phone.tab()
    sign_in(page, people.zhang)
    page.evaluate("void (window.stop = core.watch())")
    page.wait_for_function("core.positionProblem.value !== null")
    assert page.evaluate("core.placeNow()") == {"position": None, "why_none": "denied"}


def test_a_very_long_signature_fits_and_keeps_its_ends(phone: Phone) -> None:
    page = phone.tab()
    size, points, ends = page.evaluate(
        """() => {
          const points = Array.from({length: 20_000}, (_, index) => ({
            x: 300 + index / 40 + 60 * Math.sin(index / 25), y: 200 + 90 * Math.cos(index / 31), time: 1000 + index * 8,
            pressure: 0.5 + 0.4 * Math.sin(index / 100)}));
          const whole = core.strokesOf([{points}]);
          const thin = core.thinned(whole, 40 * 1024);
          const ends = (stroke) => [stroke[0], stroke.at(-1)];
          return [JSON.stringify(thin).length, thin[0].length, JSON.stringify([ends(whole[0]), ends(thin[0])])];
        }"""
    )
    assert size <= 40 * 1024
    assert points > 200
    whole, thin = json.loads(ends)
    assert whole == thin


def test_a_signature_fits_beside_any_report_that_a_line_can_hold(phone: Phone) -> None:
    page = phone.tab()
    bytes_of_lines = page.evaluate(
        """() => {
          const points = Array.from({length: 20_000}, (_, index) => ({
            x: 300 + index / 40 + 60 * Math.sin(index / 25), y: 200 + 90 * Math.cos(index / 31), time: 1000 + index * 8,
            pressure: 0.5 + 0.4 * Math.sin(index / 100)}));
          const head = {device: core.newId(), seq: 2147483646, hash: "0".repeat(64)};
          const at = {wall: "2026-11-24T09:14:03.120+08:00", mono: 123456789.123, run: core.newId()};
          return [1, 40, 230].map((lines) => {
            const report = JSON.stringify({materials: Array(lines).fill({name: "机械密封 \\"CR32\\"", quantity: "2",
              unit: "套", unit_price: 18500, amount: 37000, method: "更换机械密封两套，试运行半小时不漏"})});
            const data = {signature: core.newId(), report, sha256: "0".repeat(64)};
            const strokes = core.thinned(core.strokesOf([{points}]), core.roomForStrokes(data));
            const content = {id: core.newId(), at, kind: "signature.record", target: core.newId(), seen: 2147483647};
            return new Blob([core.nextLine(head, {...content, data: {...data, strokes}}).line.text]).size;
          });
        }"""
    )
    assert all(40 * 1024 < size <= 64 * 1024 for size in bytes_of_lines), bytes_of_lines


def test_money_and_times_are_the_companys(phone: Phone) -> None:
    page = phone.tab()
    assert page.evaluate("core.formatMoney(7205759403792794)").endswith("72,057,594,037,927.94")
    assert page.evaluate("core.formatMoney(-5)") == "-¥0.05"
    shown = "core.formatTime('2026-11-24T20:30:00Z', {dateStyle: 'short', timeStyle: 'short'}, 'en')"
    assert page.evaluate(shown) == "11/25/26, 04:30"
