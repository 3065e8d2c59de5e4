"""A checklist is read in the reader's language, and where it has only another one that is said."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, expect

from server.database import writing
from server.imports.rows import ChecklistItemRow
from server.imports.store_company import store_checklist
from server.services import services, utc_now
from tests.conftest import People
from tests.pwa.conftest import Film, Server, give_job
from tests.pwa.test_conditions import show
from tests.pwa.test_screens import start

SPEAK = "async (language) => (await import('/app/static/app/ui/language.js')).setLanguage(language)"
NORM = ("佩带本人工牌", "Wears their own staff badge")


def give_lists(app: APIFlask) -> None:
    """The norms' list for the door, and one that the company wrote in Chinese."""
    with app.app_context(), writing() as connection:
        for sheet, item in (("conduct_checklist", NORM[0]), ("泵房", "看压力表")):
            store_checklist(connection, sheet, [ChecklistItemRow(item, None, "S07", False)], utc_now())
        assert services().company


@pytest.mark.parametrize(
    ("language", "name", "asked", "only"),
    [
        ("en", "Conduct on site", NORM[1], "This list is in Chinese only."),
        ("zh-CN", "上门服务规范", NORM[0], None),
    ],
)
def test_a_list_is_read_in_the_readers_language_or_says_that_it_has_another(
    language: str, name: str, asked: str, only: str | None, app: APIFlask, context: BrowserContext, server: Server,
    people: People, film: Film
) -> None:  # fmt: skip
    give_lists(app)
    job = give_job(app, people, people.zhang)
    page = start(context, server, people.zhang, job)
    page.evaluate(SPEAK, language)
    show(page, f"orders/{job.id}/checklist")
    norm = page.locator("section", has=page.get_by_role("heading", name=name))
    expect(norm).to_contain_text(asked)
    expect(norm.get_by_text("only")).to_have_count(0)
    own = page.locator("section", has=page.get_by_role("heading", name="泵房"))
    expect(own).to_contain_text("看压力表")
    if only:
        expect(own).to_contain_text(only)
    else:
        expect(own.locator("> .soft")).to_have_count(0)
    film(page)
    if language == "en":
        # Nothing else of the norm's list is Chinese.
        expect(norm.get_by_text(NORM[0])).to_have_count(0)
