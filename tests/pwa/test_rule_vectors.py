"""The phone's rules, in a real browser, answer every shared case as the server's do."""

from __future__ import annotations

import json
import random
import threading
import unicodedata
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final

import pytest
from playwright.sync_api import Browser, Page

from server.rules.charges import charge
from server.rules.defaults import default_rule_set
from server.rules.search import folded
from server.sync.merge import Json, merge_field
from tests.vector_cases import FOLDER

STATIC: Final = Path(__file__).resolve().parents[2] / "pwa" / "static"

# How each file's input becomes a call, as the body of a JavaScript function of `given` and `rules`.
CALLS: Final = {
    "charges": """return rules.charges.charge(given.materials, given.labour, given.covered, given.cause,
        given.price_rule, given.currency);""",
    "amounts": """try {
        return {amount: rules.decimal.amount(given.quantity, given.unit_price, given.percent)};
    } catch (problem) {
        if (problem instanceof RangeError) return {amount: null};
        throw problem;
    }""",
    "stages": """const {current, to, review_returned, own_unable, before} = given;
        return {stage: rules.stages.advance(current, to, review_returned, own_unable, before)};""",
    "warranty_on": "return rules.warranty.coveredOn(given.warranty, given.on);",
    "remaining": """const moment = (text) => (text === null ? null : new Date(text));
        return rules.deadlines.remaining(moment(given.due_by), moment(given.begun_at), moment(given.now));""",
    "merge": "return rules.merge.mergeField(given.was, given.now, given.current);",
    "place": """const place = rules.place.judgePlace(given.position, given.site_position, given.radius_m);
        if (place === null) return null;
        const {reasons, ...rest} = place;
        return {...rest, codes: reasons.map((reason) => reason.code)};""",
    "fix_age": """const [stamp, wall, corrected] = [given.stamp, given.wall, given.corrected].map(Date.parse);
        return {age_s: rules.fixes.ageByStamp(stamp, [wall, corrected])};""",
    "clock_signs": "return rules.clocks.signsOfAMovedClock(given.at, given.previous);",
    "weak_evidence": """return rules.weak_evidence.weakEvidence(given.body, given.me, given.clock)
        .map(({code, remedies}) => ({code, remedies}));""",
    "marks": "return {mark: rules.marks.markOf(given.id)};",
    "lengths": """return {length_m: rules.lengths.toldLength(given.length_m, given.accuracy_m),
        accuracy_m: rules.lengths.toldAccuracy(given.accuracy_m)};""",
    "differences": "return rules.report.differences(given.signed, given.body);",
    "search": """const {findable, finds, wordsOf} = rules.search;
        return {found: finds(wordsOf(given.typed), findable(given.texts))};""",
    "telephones": """const {findable, finds, wordsOf} = rules.search;
        const [texts, words] = [rules.telephones.textsOf(given.field), wordsOf(given.typed)];
        return {found: finds(words, findable(texts)), texts, words};""",
    "findable": "return {findable: rules.search.findable(given.texts)};",
    "figures": """const {figureOf, KINDS, NotTaken} = rules.figures;
        try {
            return {value: figureOf(given.typed, KINDS[given.kind], given.units)};
        } catch (problem) {
            if (problem instanceof NotTaken) return {problem: problem.code};
            throw problem;
        }""",
    "languages": """const {all, language} = given;
        const read = all.map((said) => rules.scripts.readIn(said, language));
        return {read, only: rules.scripts.onlyIn(all, language)};""",
    "report": "return rules.report.reportOf(given.body, given.language, given.names, given.currency);",
}
RUN: Final = """async ([call, inputs]) => {
    const names = ["charges", "decimal", "stages", "warranty", "deadlines", "merge", "place", "report", "clocks",
        "weak_evidence", "marks", "fixes", "search", "figures", "lengths", "scripts", "telephones"];
    const modules = await Promise.all(names.map((name) => import(`/app/rules/${name}.js`)));
    const rules = Object.fromEntries(names.map((name, index) => [name, modules[index]]));
    rules.search.useSigns(await (await fetch("/app/rules/signs.json")).json());
    const answer = new Function("given", "rules", call);
    return inputs.map((given) => JSON.stringify(answer(given, rules)));
}"""


FOLD: Final = """async (letters) => {
    const {folded, useSigns} = await import("/app/rules/search.js");
    useSigns(await (await fetch("/app/rules/signs.json")).json());
    return [...letters].map(folded);
}"""


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves the app's files without a log."""

    def log_message(self, format: str, *args: object) -> None:
        return


@pytest.fixture(scope="module")
def page(browser: Browser) -> Iterator[Page]:
    """A page of the app's origin, in Chromium."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(STATIC)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    opened = browser.new_page()
    opened.goto(f"http://127.0.0.1:{server.server_port}/icons/icon.svg")
    yield opened
    opened.close()
    server.shutdown()
    thread.join()
    server.server_close()


def answers(page: Page, name: str, inputs: list[Any]) -> list[Any]:
    """What the browser makes of each input of the rule `name`."""
    return [json.loads(text) for text in page.evaluate(RUN, [CALLS[name], inputs])]


def unlike(answer: Any, expected: Any, relative: float = 0.0) -> bool:
    """Whether two JSON values differ; numbers under `distance_m` by more than `relative` and a decimetre."""
    if isinstance(answer, dict) and isinstance(expected, dict):
        return answer.keys() != expected.keys() or any(
            unlike(answer[key], expected[key], 0.005 if key == "distance_m" else 0.0) for key in expected
        )
    if relative and isinstance(answer, float | int) and isinstance(expected, float | int):
        return abs(answer - expected) > max(0.11, relative * abs(expected))
    return bool(answer != expected) or isinstance(answer, bool) != isinstance(expected, bool)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_the_phone_answers_every_shared_case_alike(page: Page, name: str) -> None:
    cases = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    given = answers(page, name, [case["input"] for case in cases])
    wrong = [
        (case["name"], answer, case["expected"])
        for case, answer in zip(cases, given, strict=True)
        if unlike(answer, case["expected"])
    ]
    assert wrong == []


def test_the_phone_folds_every_letter_as_the_server_does(page: Page) -> None:
    every = [chr(code) for code in range(0x110000) if unicodedata.category(chr(code)) not in ("Cn", "Cs")]
    here = {letter: folded(letter) for letter in every}
    there = dict(zip(every, page.evaluate(FOLD, "".join(every)), strict=True))
    assert {letter: there[letter] for letter in every if there[letter] != here[letter]} == {}


def test_the_phone_merges_any_texts_as_the_server_does(page: Page) -> None:
    chance = random.Random(20261124)
    inputs = [{name: _any_text(chance) for name in ("was", "now", "current")} for _ in range(1500)]
    expected: list[dict[str, Json]] = []
    for given in inputs:
        merged = merge_field(given["was"], given["now"], given["current"])
        expected.append({"result": merged.result, "value": merged.value})
    assert answers(page, "merge", inputs) == expected
    assert {each["result"] for each in expected} == {"applied", "merged", "conflict"}


def test_the_phone_charges_any_job_as_the_server_does(page: Page) -> None:
    chance = random.Random(20261124)
    inputs = [_any_job(chance) for _ in range(500)]
    assert answers(page, "charges", inputs) == [charge(**given) for given in inputs]


def _any_text(chance: random.Random) -> str:
    return "\n".join(chance.choice("aab cde") for _ in range(chance.randrange(9)))


def _any_job(chance: random.Random) -> dict[str, Any]:
    def lines(count: int) -> list[dict[str, Any]]:
        return [
            {
                "line": str(number),
                "quantity": f"{chance.randrange(1000)}.{chance.randrange(1000):03}",
                "unit_price": chance.randrange(1_000_000),
                "source": chance.choice(["van", "customer"]),
                "removed": chance.random() < 0.2,
            }
            for number in range(count)
        ]

    return {
        "materials": lines(chance.randrange(5)),
        "labour": lines(chance.randrange(3)),
        "covered": chance.choice([True, False, None]),
        "cause": chance.choice(["supplier", "workmanship", "customer", "wear", "unknown", None]),
        "price_rule": chance.choice([*default_rule_set()["price_rules"].values(), None]),
        "currency": "CNY",
    }
