"""What a customer of the demonstration company reads holds no code of the program's own, on paper and on the phone."""

from __future__ import annotations

import io
import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from pypdf import PdfReader

from server.documents.work_order.shapes import CAUSES, SOURCES
from server.evidence.report import digest, report_of
from server.paper.report_pdf import report_pdf
from tests.pwa.test_report_view import leaves, reading

LANGUAGES = ("zh-CN", "en")
# What stands in a report for something that is read in words.
CODED = {"kind", "language", "cause", "source", "code", "price_rule", "norm", "currency"}
NO_WORD = re.compile(r"\b[a-z]+_[a-z_]+\b|\{|\$|undefined|null|None")
SHOW = """async (reports) => {
  const [{html}, {render}, {ReportView}] = await Promise.all(
    ["htm/preact", "preact", "/app/static/app/documents/parts/report_view.js"].map((room) => import(room)));
  return reports.map((report) => {
    const place = document.body.appendChild(document.createElement("div"));
    render(html`<${ReportView} text=${JSON.stringify(report)} />`, place);
    const said = place.innerText;
    place.remove();
    return said;
  });
}"""


@pytest.fixture
def reports(loaded_demo: Path) -> list[dict[str, Any]]:  # Any: JSON
    """The report of every order of the company in both languages, each with lines of every source and one cause."""
    with sqlite3.connect(loaded_demo / "undercroft.sqlite3") as connection:
        rows = connection.execute("select body from document where type = 'work_order'").fetchall()
    line = {"unit": "套", "quantity": "1", "unit_price": 100}
    sold = [line | {"line": source, "name": "垫片", "source": source} for source in SOURCES]
    done = [line | {"line": "l", "name": "检修", "method": "拆检"}]
    return [
        report_of(body | {"materials": sold, "labour": done, "cause": CAUSES[at % len(CAUSES)]}, language, {}, "CNY")
        for at, body in enumerate(json.loads(row[0]) for row in rows)
        for language in LANGUAGES
    ]


def raw_codes(report: dict[str, Any], said: str) -> Iterator[str]:  # Any: JSON
    """What of the report's codes is read as it is, apart from the words that they are read in, and any other code."""
    said = " ".join(said.split())
    coded = [(path, value) for path, value in leaves(report) if path.split(".")[-1] in CODED and value is not None]
    for path, value in coded:
        for words in reading(path, value, report["language"]):
            said = said.replace(" ".join(words.split()), " ")
    # In English a customer, a repair and a van are words as well.
    plain = {"cause", "source", "kind"} if report["language"] == "en" else set()
    told = [value for path, value in coded if path.split(".")[-1] not in plain]
    yield from (value for value in told if re.search(rf"(?<![\w-]){re.escape(value)}(?![\w-])", said))
    yield from NO_WORD.findall(said)


def test_no_code_stands_on_the_reports_that_a_phone_shows(
    company: str, browser: Browser, reports: list[dict[str, Any]]
) -> None:
    page = browser.new_page()
    page.goto(f"{company}/app/")
    page.wait_for_selector(".sign-in")
    shown = page.evaluate(SHOW, reports)
    assert len(shown) == len(reports) > 200
    found = {report["number"]: [*raw_codes(report, said)] for report, said in zip(reports, shown, strict=True)}
    assert {number: codes for number, codes in found.items() if codes} == {}


def test_no_code_stands_on_the_paper(reports: list[dict[str, Any]]) -> None:
    # One of each kind of charge: the words of the others differ in names and figures alone.
    kinds = {json.dumps([report["language"], report["charge"]["why"], report["cause"]]): report for report in reports}
    for report in kinds.values():
        text = json.dumps(report, ensure_ascii=False)
        signer = {"name": "王先生", "role": "owner"}
        signer = {"name": "王先生", "role": "owner"}
        signature = {"report": text, "sha256": digest(text), "signer": signer, "strokes": [],
                     "box": {"width": 600, "height": 200}, "rating": None, "consent": "", "time": {}}  # fmt: skip
        pdf = PdfReader(io.BytesIO(report_pdf(signature, report["language"], "https://service.example.com/check/1")))
        said = " ".join(page.extract_text() for page in pdf.pages)
        assert [*raw_codes(report, said)] == [], report["number"]
