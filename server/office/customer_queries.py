"""What taking a fault report in reads of the customer's file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Connection, or_, select

from server.models import Asset, Customer, Site

FOUND_AT_MOST: Final = 12


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


def find_customers(connection: Connection, words: str) -> list[CustomerRow]:
    """Customers by the digits of a telephone number, by number, or by a part of their name or address."""
    typed = words.strip()
    if not typed:
        return []
    digits = "".join(letter for letter in typed if letter.isdigit())
    ways = [
        Customer.name.icontains(typed, autoescape=True),
        Customer.number.istartswith(typed, autoescape=True),
        Customer.contact_name.icontains(typed, autoescape=True),
        Customer.id.in_(
            select(Site.customer_id).where(
                or_(Site.address.icontains(typed, autoescape=True), Site.name.icontains(typed, autoescape=True))
            )
        ),
    ]
    if len(digits) >= 3:
        ways.append(Customer.phone.contains(digits, autoescape=True))
    statement = _customers().where(or_(*ways)).order_by(Customer.number).limit(FOUND_AT_MOST)
    return [CustomerRow(*row) for row in connection.execute(statement)]


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
