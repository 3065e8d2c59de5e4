"""What people type finds the same in the office as on the phone."""

from __future__ import annotations

import re
from collections.abc import Callable

from flask.testing import FlaskClient
from flask_migrate import downgrade
from sqlalchemy import select, update

from server.database import migrate_to_newest, reading, writing
from server.imports.rows import CustomerRow
from server.imports.store_masters import store_customer
from server.models import Asset, Customer, Site, WorkOrder
from tests.searches import PLACES, SEARCHES, make
from tests.server.office.scene import Scene

Browser = Callable[..., FlaskClient]


def test_what_people_type_finds_orders_and_customers(scene: Scene, browser: Browser) -> None:
    with writing() as connection:
        orders = make(connection, scene.ids["zhangmin"], scene.ids["liwei"])
    desk = browser("zhangmin")

    def found_orders(typed: str) -> str:
        page = desk.get("/office/orders", query_string={"words": typed}).text
        return " ".join(name for name, identity in orders.items() if identity in page)

    def found_customers(typed: str) -> str:
        page = desk.get("/office/intake/customers", query_string={"words": typed}).text
        return " ".join(name for name, place in PLACES.items() if re.search(rf"\b{name.upper()}\b", page))

    def wrong() -> list[tuple[str, str, str]]:
        return [
            (typed, orders_, customers)
            for typed, wanted, in_file in SEARCHES
            for orders_, customers in [(found_orders(typed), found_customers(typed))]
            if (orders_, customers) != (wanted, wanted if in_file is None else in_file)
        ]

    assert wrong() == []
    assert found_orders("  ") == " ".join(PLACES)


def test_a_database_from_before_finds_what_it_had(scene: Scene) -> None:
    def words() -> list[list[str]]:
        with reading() as connection:
            return [
                list(connection.execute(select(table.words).order_by(table.number)).scalars())
                for table in (WorkOrder, Customer, Site, Asset)
            ]

    with writing() as connection:
        make(connection, scene.ids["zhangmin"], scene.ids["liwei"])
    before = words()
    downgrade(revision="0014")
    migrate_to_newest()
    assert words() == before and "" not in sum(before, [])
    # One that made them before telephone numbers were read.
    downgrade(revision="0015")
    with writing() as connection:
        for table in (WorkOrder, Customer):
            connection.execute(update(table).values(words=";1"))
    migrate_to_newest()
    assert words() == before


def test_a_customer_who_is_renamed_by_a_file_is_found_by_the_new_name(scene: Scene, browser: Browser) -> None:
    with writing() as connection:
        make(connection, scene.ids["zhangmin"], scene.ids["liwei"])
        store_customer(connection, CustomerRow("SCHOOL", "临桂小学", None, None, None, None, None, None))
    desk = browser("zhangmin")
    for typed, found in (("lgxx", True), ("wls", True), ("临桂小学", True)):
        page = desk.get("/office/intake/customers", query_string={"words": typed}).text
        assert ("SCHOOL" in page) is found, typed


def test_a_text_that_was_made_to_be_slow_is_not(scene: Scene, browser: Browser) -> None:
    scene.open("zhangmin", "南安" * 1500, None, "liwei", None)
    page = browser("zhangmin").get("/office/orders", query_string={"words": "nan" * 32 + "z"}).text
    assert "南安南安" not in page


def test_one_sign_that_folds_to_many_words_is_looked_for_once(scene: Scene, browser: Browser) -> None:
    assert browser("zhangmin").get("/office/orders", query_string={"words": "\ufdfa" * 100}).status_code == 200


def test_enter_with_one_hit_chooses_the_customer(scene: Scene, browser: Browser) -> None:
    with writing() as connection:
        make(connection, scene.ids["zhangmin"], scene.ids["liwei"])
    desk = browser("zhangmin")
    one = desk.get("/office/intake", query_string={"words": "0773 281 0009"})
    assert one.status_code == 303 and "漓江花园业委会" in desk.get(one.location).text
    assert desk.get("/office/intake", query_string={"words": "8842"}).status_code == 200
    assert desk.get("/office/intake", query_string={"words": "没有这样的客户"}).status_code == 200


def test_priorities_that_promise_the_same_say_why(scene: Scene, browser: Browser) -> None:
    desk = browser("zhangmin")

    def said(number: str, contract: str) -> str:
        customer, _, _ = scene.site(number, contract, contract, contract=contract)
        page = desk.get("/office/intake", query_string={"customer": customer}).text
        found = re.search(r"合同“[^<]*", page)
        return found[0] if found else ""

    assert said("0001", "equipment") == "合同“设备紧急”的期限不分紧急程度，所以各级期限相同。"
    assert re.fullmatch("合同“家装”对这些级别规定的期限相同：(高、紧急|紧急、高)。", said("0002", "home"))
