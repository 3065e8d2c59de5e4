"""What the database holds that rows may refer to."""

from __future__ import annotations

from sqlalchemy import Connection, select

from server.imports.rows import Known, KnownAsset, KnownCustomer, KnownPerson, KnownSite
from server.imports.vocabulary import plain_word
from server.models import Asset, Customer, Person, Site
from server.sync.store.finding import rule_set_of


def read_known(connection: Connection) -> Known:
    """Everything that rows may refer to, as it stands now."""
    customers = connection.execute(select(Customer.number, Customer.id, Customer.phone, Customer.contract))
    sites = connection.execute(
        select(Site.number, Site.id, Customer.number.label("customer")).join(Customer, Site.customer_id == Customer.id)
    )
    assets = connection.execute(
        select(Asset.number, Asset.id, Site.number.label("site")).join(Site, Asset.site_id == Site.id)
    )
    people = connection.execute(
        select(Person.id, Person.username, Person.name, Person.role, Person.active).order_by(Person.username)
    )
    return Known(
        customers={row.number: KnownCustomer(row.id, row.phone, row.contract) for row in customers},
        sites={row.number: KnownSite(row.id, row.customer) for row in sites},
        assets={row.number: KnownAsset(row.id, row.site) for row in assets},
        people=tuple(KnownPerson(row.id, row.username, row.name, row.role, row.active) for row in people),
        contracts=_contracts(connection),
    )


def _contracts(connection: Connection) -> dict[str, str]:
    words: dict[str, str] = {}
    for contract in rule_set_of(connection)["contracts"]:
        for word in (contract["id"], *contract["name"].values()):
            words[plain_word(word)] = contract["id"]
    return words
