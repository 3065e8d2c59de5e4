"""A signature that is being drawn is there again after a reload, and after the tab has died."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect

from tests.conftest import People
from tests.pwa.conftest import CHINESE, Job, MortalPhone, Server
from tests.pwa.test_order_that_leaves import draw
from tests.pwa.test_screens import hand_to_customer, lines, start, to_the_pad
from tests.pwa.test_typed_text import BEGIN, CUSTOMER, DRAFTS, LINE
from tests.pwa.waiting import until

# Where there is ink, in tenths of the canvas.
INK = """() => {
  const canvas = document.querySelector("canvas");
  const {width, height} = canvas;
  const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
  const found = new Set();
  for (let place = 3; place < data.length; place += 4) {
    if (data[place] === 0) continue;
    const pixel = (place - 3) / 4;
    found.add(`${Math.floor((pixel % width) * 10 / width)}/${Math.floor(Math.floor(pixel / width) * 10 / height)}`);
  }
  return [...found].sort();
}"""


def pad(page: Page, job: Job) -> None:
    """The customer has the phone and the pad before them."""
    page.evaluate(BEGIN, [job.id, LINE])
    expect(page.locator(".foot .main")).to_have_text("完工，请客户签字")
    CUSTOMER.open(page, job)
    hand_to_customer(page)
    CUSTOMER.fill(page)
    to_the_pad(page, None)


def pressed(page: Page) -> None:
    """A long stroke, and the finger stays on the pad."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 4
    page.mouse.move(x, y)
    page.mouse.down()
    for part in range(1, 9):
        page.mouse.move(x + 10 * part, y + 25 * part, steps=3)
        page.wait_for_timeout(80)


def test_a_reload_in_the_middle_of_a_signature_keeps_its_strokes(
    context: BrowserContext, server: Server, people: People, job: Job
) -> None:
    page = start(context, server, people.zhang, job)
    pad(page, job)
    draw(page)
    until(page, DRAFTS, '"groups":[{')
    before = page.evaluate(INK)
    assert len(before) > 2
    page.reload()
    confirm = page.get_by_role("button", name="确认", exact=True)
    expect(confirm).to_be_enabled()
    until(page, f"() => ({INK})().length > 0")
    assert page.evaluate(INK) == before
    # The finger is still on the pad as the page goes.
    pressed(page)
    page.reload()
    expect(confirm).to_be_enabled()
    until(page, f"() => ({INK})().length > 0")
    after = page.evaluate(INK)
    assert set(before) < set(after)
    confirm.click()
    page.get_by_role("button", name="收回手机").click()
    [signature] = lines(page, "signature.record")
    assert len(signature["data"]["strokes"]) == 2
    assert len(signature["data"]["strokes"][1]) > 5


def test_a_tab_that_dies_in_the_middle_of_a_signature_keeps_its_strokes(
    mortal_phone: MortalPhone, server: Server, people: People, job: Job
) -> None:
    mortal_phone.context.add_init_script(CHINESE)
    page = start(mortal_phone.context, server, people.zhang, job)
    pad(page, job)
    pressed(page)
    until(page, DRAFTS, '"groups":[{')
    mortal_phone.kill()
    mortal_phone.start().context.add_init_script(CHINESE)
    page = mortal_phone.context.new_page()
    page.goto(f"{server.url}/app/")
    expect(page.get_by_role("button", name="确认", exact=True)).to_be_enabled()
    assert len(page.evaluate(INK)) > 2
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("button", name="收回手机").click()
    [signature] = lines(page, "signature.record")
    assert len(signature["data"]["strokes"]) == 1
