"""What taking a fault report in reads of the customer's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, or_, select

from server.models import Asset, Customer, Site
from server.office.shell.words import may_stand_in
from server.rules import search

FOUND_AT_MOST: Final = 12
SCAN: Final = 100
"""Customers looked at at once while looking for words."""


@dataclass(frozen=True)
class CustomerRow:
    """A customer as the search shows them."""

    id: str
    number: str
    name: str
    category: str | None
    contact_name: str | None
    phone: str | None
    contract: str | None
    warranty_card: str | None


@dataclass(frozen=True)
class AssetRow:
    """An asset of a site."""

    id: str
    number: str
    site_id: str
    name: str
    brand: str | None
    model: str | None
    serial: str | None
    warranty_category: str | None
    completed_on: date | None
    accepted_on: date | None


@dataclass(frozen=True)
class SiteRow:
    """A site of a customer with its assets; `placed` says whether its coordinates are known."""

    id: str
    number: str
    name: str
    address: str | None
    access: str | None
    radius_m: float
    placed: bool
    assets: list[AssetRow]


def find_customers(connection: Connection, typed: str) -> list[CustomerRow]:
    """Customers by their telephone numbers, and by what they, their sites and their assets are called: every word by
    one of these."""
    words = search.words_of(typed)
    if not words:
        return []
    found: list[CustomerRow] = []
    statement = _customers().add_columns(Customer.words).where(*map(_may_have, words)).order_by(Customer.number)
    after = ""
    while len(found) < FOUND_AT_MOST:
        rows = connection.execute(statement.where(Customer.number > after).limit(SCAN)).all()
        texts = _texts_of_file(connection, [row.id for row in rows])
        for *columns, own in rows:
            one = CustomerRow(*columns)
            text = "\n".join([own, *texts.get(one.id, [])])
            if search.finds(words, text):
                found.append(one)
        if len(rows) < SCAN:
            break
        after = rows[-1].number
    return found[:FOUND_AT_MOST]


def _may_have(word: str) -> ColumnElement[bool]:
    """What the database can say of a word."""
    of_sites = select(Site.customer_id).where(may_stand_in(Site.words, word))
    with_asset = select(Site.customer_id).join(Asset, Asset.site_id == Site.id)
    of_assets = with_asset.where(may_stand_in(Asset.words, word))
    return or_(may_stand_in(Customer.words, word), Customer.id.in_(of_sites), Customer.id.in_(of_assets))


def _texts_of_file(connection: Connection, customers: list[str]) -> dict[str, list[str]]:
    """What the sites and assets of these customers are found by."""
    texts: dict[str, list[str]] = {}
    sites = select(Site.customer_id, Site.words).where(Site.customer_id.in_(customers))
    assets = (
        select(Site.customer_id, Asset.words)
        .join(Asset, Asset.site_id == Site.id)
        .where(Site.customer_id.in_(customers))
    )
    for statement in (sites, assets):
        for row in connection.execute(statement):
            texts.setdefault(row.customer_id, []).append(row.words)
    return texts


def customer(connection: Connection, customer_id: str) -> CustomerRow | None:
    """One customer, or None."""
    found = connection.execute(_customers().where(Customer.id == customer_id)).first()
    return CustomerRow(*found) if found else None


def _customers() -> Any:  # Any: the column types of a Core select say nothing here
    return select(
        Customer.id,
        Customer.number,
        Customer.name,
        Customer.category,
        Customer.contact_name,
        Customer.phone,
        Customer.contract,
        Customer.warranty_card,
    )


def sites(connection: Connection, customer_id: str) -> list[SiteRow]:
    """The customer's sites with their assets: two queries, whatever their number."""
    assets: dict[str, list[AssetRow]] = {}
    of_customer = select(Site.id).where(Site.customer_id == customer_id)
    for row in connection.execute(
        select(
            Asset.id,
            Asset.number,
            Asset.site_id,
            Asset.name,
            Asset.brand,
            Asset.model,
            Asset.serial,
            Asset.warranty_category,
            Asset.completed_on,
            Asset.accepted_on,
        )
        .where(Asset.site_id.in_(of_customer))
        .order_by(Asset.number)
    ):
        assets.setdefault(row.site_id, []).append(_asset(row))
    return [
        SiteRow(
            row.id,
            row.number,
            row.name,
            row.address,
            row.access,
            row.radius_m,
            row.latitude is not None and row.longitude is not None,
            assets.get(row.id, []),
        )
        for row in connection.execute(
            select(
                Site.id, Site.number, Site.name, Site.address, Site.access, Site.radius_m, Site.latitude, Site.longitude
            )
            .where(Site.customer_id == customer_id)
            .order_by(Site.number)
        )
    ]


def _asset(row: Any) -> AssetRow:  # Any: a row of more columns than the types of a Core select name
    return AssetRow(*row)
