"""A full phone: lines still fit, what is delivered makes way, and sending comes to an end."""

from __future__ import annotations

from base64 import b64encode

from apiflask import APIFlask
from playwright.sync_api import Page

from tests.conftest import People
from tests.pwa.conftest import Job, Phone, sign_in
from tests.pwa.full_phone import fill, make_room, shrink
from tests.pwa.keeping import HERE, TAKE, noisy_jpeg, states_at_server, take
from tests.pwa.test_ledger import NOTE, lines_of

QUOTA = 4_000_000
SPARE = 3_000
RESERVE = "(async () => (await core.store()).getKey('meta', 'reserve'))()"
TRY = f"""async (given) => {{
  try {{ return await ({TAKE})(given); }} catch (problem) {{ return problem.code; }}
}}"""

# Longer than what is left, and of signs that no disk makes shorter.
KEEP = """async (key) => {
  const signs = Array.from({length: 20_000}, () => 0x4e00 + Math.floor(Math.random() * 20_000));
  const text = String.fromCodePoint(...signs);
  try { await core.keepDraft(key, text); return 'kept'; } catch (problem) { return problem.code; }
}"""


# What makes way, in its order.
WATCH = """() => {
  const really = IDBObjectStore.prototype.delete;
  globalThis.gone = [];
  IDBObjectStore.prototype.delete = function (key) {
    if (["photos", "meta"].includes(this.name)) gone.push(key);
    return really.call(this, key);
  };
}"""


def test_a_full_phone_takes_lines_from_its_reserve_and_is_empty_after_sending(
    app: APIFlask, phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    shrink(page, QUOTA)
    sign_in(page, people.zhang)
    assert page.evaluate(RESERVE) == "reserve"
    page.context.set_offline(True)
    sent = [take(page, job, noisy_jpeg(side)) for side in range(300, 306)]
    fill(page, SPARE)
    assert refused(page, job) == "storage_full"
    size = len(noisy_jpeg(306))
    assert page.evaluate("core.refusal.value.bytes") == size
    assert page.evaluate("core.roomIsShort()")
    assert page.evaluate(RESERVE) == "reserve", "a photo may not take it"
    for _ in range(4):
        page.evaluate(NOTE, job.id)
    assert page.evaluate(RESERVE) is None
    fill(page, SPARE)

    page.context.set_offline(False)
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"] * len(sent)
    assert page.evaluate("[core.onlyHere.value, core.contact.value.state]") == [0, "idle"]
    assert not all(page.evaluate(HERE, sha256) for sha256 in sent)
    # What was refused before fits, and says so.
    assert refused(page, job) != "storage_full"
    page.evaluate("core.sendNow()")
    assert states_at_server(app, job) == ["stored"] * (len(sent) + 1)
    refusal = page.evaluate("core.refusal.value")
    assert refusal is None or refusal["bytes"] != size, "the reserve may be refused once more, the photo is not"
    make_room(page)
    page.evaluate("core.sendNow()")
    assert page.evaluate(RESERVE) == "reserve"
    assert len({text for text in lines_of(page) if '"note.add"' in text}) == 4


def refused(page: Page, job: Job) -> str:
    """The code that one more photo fails with, or its hash."""
    answer: str = page.evaluate(TRY, [job.id, b64encode(noisy_jpeg(306)).decode()])
    return answer


def test_typed_text_goes_before_photos_that_are_delivered_and_takes_the_reserve_last(
    phone: Phone, people: People, job: Job
) -> None:
    page = phone.tab()
    shrink(page, QUOTA)
    sign_in(page, people.zhang)
    delivered = take(page, job, noisy_jpeg(300))
    page.evaluate("core.sendNow()")
    page.context.set_offline(True)
    waiting = take(page, job, noisy_jpeg(306))
    page.evaluate(WATCH)
    kept: list[str] = []
    answer = "kept"
    while answer == "kept":
        assert len(kept) < 8, "a full phone takes text without end"
        fill(page, SPARE)
        answer = page.evaluate(KEEP, f"text {len(kept)}")
        kept += [f"text {len(kept)}"] * (answer == "kept")
    # The browser counts by blocks and gives room back when it likes: how many texts fit is its affair.
    assert (answer, len(kept) >= 2) == ("storage_full", True)
    assert page.evaluate("gone.filter((one, at) => gone.indexOf(one) === at)") == [delivered, "reserve"]
    assert not page.evaluate(HERE, delivered)
    assert page.evaluate(RESERVE) is None
    assert page.evaluate("core.textFits.value") is False
    assert page.evaluate(HERE, waiting)
    drafts = "(async () => (await (await core.store()).getAllKeys('drafts')))()"
    assert page.evaluate(drafts) == kept
    # Somebody makes room on the phone: that is found out, and not left to what it says of itself.
    page.evaluate("core.tryRefused()")
    assert page.evaluate("core.refusal.value.bytes") > 0
    make_room(page)
    page.evaluate("core.tryRefused()")
    assert page.evaluate("core.refusal.value") is None
    assert page.evaluate("(async () => (await core.store()).getKey('meta', 'trial'))()") is None
