"""Whatever goes wrong on a phone is said in a sentence: no code, no name of a figure, in each language."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import BrowserContext, Page, Route, expect

from server.problems import CATALOGUE
from tests.conftest import People
from tests.pwa.conftest import Job, Phone, Server
from tests.pwa.test_screens import start

# What IndexedDB, Cache, files, camera, position, network, WebCrypto, sharing and the clipboard throw, and older names.
BY_THE_BROWSER = [
    f"{name}Error"
    for name in re.findall(
        r"\w+",
        """Abort Constraint DataClone Data Encoding HierarchyRequest InvalidAccess InvalidCharacter InvalidModification
        InvalidState Namespace Network NoModificationAllowed NotAllowed NotFound NotReadable NotSupported Operation
        OptOut Overconstrained QuotaExceeded ReadOnly Security Syntax Timeout TransactionInactive TypeMismatch Unknown
        URLMismatch Version WrongDocument""",
    )
]
# Thrown by code of the browser, of a library, or of ours; and what is no error at all.
STRANGE = """{
  fetch: new TypeError("Failed to fetch"), safari: new TypeError("Load failed"), range: new RangeError("Too long"),
  memory: new Error("Out of memory"), nothing: null, absent: undefined, text: "{$what}", number: 17, object: {code: 3},
  position: {code: 2, message: "POSITION_UNAVAILABLE"}, empty: new Error(), symbol: Symbol("what"),
  over: Object.assign(new Error("OverconstrainedError"), {name: "OverconstrainedError", constraint: "width"}),
  coded: Object.assign(new Error("nobody_knows_this"), {code: "nobody_knows_this"}),
  path: Object.assign(new Error("."), {code: "what.ever"}), unsayable: Object.assign(new Error("weak_password"),
    {code: "weak_password", figures: {reason: ["too_short"], length: {least: 12}}})}"""
SENTENCES = """async ([names, codes]) => {
  const app = "/app/static/app/";
  const {problemText} = await import(app + "ui/save.js");
  const {failure} = await import(app + "core/failure.js");
  const {loadLanguages, languages, setLanguage} = await import(app + "ui/language.js");
  await loadLanguages();
  const thrown = {...%s};
  for (const name of names) thrown[name] = new DOMException("Raw words of the browser.", name);
  for (const code of codes) thrown[code] = failure(code);
  const said = {};
  for (const language of languages) {
    setLanguage(language);
    said[language] = Object.entries(thrown).map(([name, problem]) => [name, problemText(problem)]);
  }
  return said;
}"""
CHINESE = re.compile("[\u4e00-\u9fff]")
CODE_IN_APP = re.compile(r'failure\("([a-z_]+)"')


def own_codes() -> set[str]:
    """The codes that the app itself throws."""
    from pwa.assets import STATIC

    return {code for file in (STATIC / "app").rglob("*.js") for code in CODE_IN_APP.findall(file.read_text("utf-8"))}


def test_every_failure_has_a_sentence_in_each_language(phone: Phone) -> None:
    page = phone.tab()
    codes = sorted({*CATALOGUE, *own_codes()})
    said: dict[str, list[tuple[str, str]]] = page.evaluate(SENTENCES % STRANGE, [BY_THE_BROWSER, codes])
    assert set(said) == {"zh-CN", "en"}
    for language, sentences in said.items():
        assert len(sentences) > len(codes) + len(BY_THE_BROWSER)
        for name, sentence in sentences:
            where = f"{language}, {name}: {sentence}"
            assert sentence[-1] in "。." and not re.search(r"[{}$_]|problem-|Error|Raw words", sentence), where
            assert bool(CHINESE.search(sentence)) == (language == "zh-CN"), where
    # What is known is not said in general words.
    chinese = dict(said["zh-CN"])
    assert [code for code in codes if chinese[code] == chinese["coded"]] == []
    assert "空间已满" in chinese["QuotaExceededError"] and "联系不上" in chinese["NetworkError"]


def broken(route: Route) -> None:
    """An answer with a code that this app does not know."""
    body: dict[str, Any] = {"code": "brand_new", "status": 422}  # Any: JSON
    route.fulfill(status=422, content_type="application/problem+json", body=json.dumps(body))


def test_a_code_that_the_app_does_not_know_is_not_shown(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page: Page = start(context, server, people.zhang, job)
    page.route("**/api/v1/sync", broken)
    page.locator(".foot .main", has_text="接单").click()
    page.evaluate("location.hash = '#/outbox'")
    expect(page.get_by_text("没有成功。已存下的和正在填写的内容都还在")).to_be_visible()
    expect(page.get_by_text("brand_new")).to_have_count(0)
