"""An order is given to a colleague while somebody is in it: what was begun is ended, delivered, and found again."""

from __future__ import annotations

from apiflask import APIFlask
from playwright.sync_api import BrowserContext, Page, expect
from sqlalchemy import select

from server.database import reading
from server.models import Document
from tests.conftest import People
from tests.pwa.conftest import Film, Job, Server, give_job
from tests.pwa.test_conditions import SEND, show
from tests.pwa.test_screens import hand_to_customer, lines, reassign, start, step, work


def draw(page: Page) -> None:
    """One stroke of a finger across the pad."""
    box = page.locator("canvas").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 20, y + 60, steps=4)
    page.mouse.move(x - 20, y + 120, steps=4)
    page.mouse.up()


def test_what_was_begun_on_an_order_that_is_given_away_is_ended_and_found(
    context: BrowserContext, server: Server, people: People, job: Job, app: APIFlask, film: Film
) -> None:
    other = give_job(app, people, people.zhang, "配电箱跳闸")
    seen = give_job(app, people, people.zhang, "电梯异响")
    page = start(context, server, people.zhang, job)
    work(page)
    # In the middle of a form.
    page.get_by_role("link", name="用料").click()
    page.get_by_role("button", name="添加", exact=True).click()
    page.get_by_label("维修项目").fill("更换机封")
    reassign(app, people, job)
    reassign(app, people, other)
    page.evaluate(SEND)
    expect(page.get_by_text("这一单已转给李师傅")).to_be_visible()
    expect(page.get_by_label("维修项目")).to_have_value("更换机封")
    film(page)
    page.get_by_label("单价").fill("120")
    page.get_by_role("dialog", name="添加工时").get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("group", name="更换机封")).to_be_visible()
    page.evaluate(SEND)
    expect(page.get_by_role("group", name="更换机封"), "though the feed carries it no more").to_be_visible()
    page.get_by_role("button", name="返回").click()

    # With the customer.
    step(page, "完工，请客户签字")
    hand_to_customer(page)
    page.get_by_label("您的姓名").fill("王女士")
    page.get_by_role("radio", name="物业", exact=True).click()
    step(page, "我已阅读，下一步")
    page.get_by_role("radio", name="5 星").click()
    page.get_by_label("可以写一句话").fill("师傅很准时")
    step(page, "去签字")
    page.evaluate(SEND)
    draw(page)
    film(page)
    page.get_by_role("button", name="确认", exact=True).click()
    page.get_by_role("button", name="收回手机").click()
    assert [line["data"]["signer"]["name"] for line in lines(page, "signature.record")] == ["王女士"]
    page.evaluate(SEND)
    with app.app_context(), reading() as connection:
        body = connection.execute(select(Document.body).where(Document.id == job.id)).scalar_one()
    assert all(text in body for text in ("更换机封", "师傅很准时", "done_by_former_assignee"))

    # Only looked at, and not begun: it stays too, and nobody begins it any more.
    show(page, f"orders/{seen.id}")
    expect(page.locator(".foot .main")).to_have_text("接单")
    reassign(app, people, seen)
    page.evaluate(SEND)
    expect(page.get_by_text("这一单已转给李师傅")).to_be_visible()
    expect(page.get_by_role("button", name="接单")).to_have_count(0)
    film(page)

    # Findable for the day; what nobody had begun has left.
    show(page, "today")
    page.evaluate(SEND)
    page.get_by_role("button", name="已转走").click()
    for left in (job, seen):
        expect(page.locator(f'a[href="#/orders/{left.id}"]')).to_contain_text("这一单已转给李师傅")
    expect(page.locator(f'a[href="#/orders/{other.id}"]')).to_have_count(0)
    film(page)
