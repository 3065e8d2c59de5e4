"""The shape of a company's service rule set: its contracts, clocks, warranty terms and price rules.

A rule set is one JSON document (feed type `rules`): it is stored, edited and sent to phones as it is.
Names of things are given in each language of the company, `{"zh-CN": …, "en": …}`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

Names = dict[str, str]


class Clock(TypedDict):
    """When the time of a deadline runs: on `days`, within the `open` hours ("HH:MM", "24:00" allowed)."""

    name: Names
    days: Literal["every", "working"]
    open: list[list[str]]


class Limit(TypedDict):
    """How long a step may take, in minutes of `clock` (of the contract's clock where it is absent)."""

    minutes: int
    clock: NotRequired[str]
    by_priority: NotRequired[dict[str, int]]


class Limits(TypedDict, total=False):
    """Limits for the first contact, the arrival and the repair; a missing one sets no deadline."""

    contact: Limit
    arrive: Limit
    repair: Limit


class ContractWarranty(TypedDict):
    """The id of the warranty term for everything that no term names by its category."""

    term: str


class Contract(TypedDict):
    """What was promised to a customer; found by `id` or by any of its names."""

    id: str
    name: Names
    norm: str
    clock: str
    limits: Limits
    warranty: ContractWarranty
    price_rule: str


# The functional form, because `from` is a word of the language.
WarrantyTerm = TypedDict(
    "WarrantyTerm",
    {
        "id": str,
        "categories": list[str],
        "months": int,
        "from": Literal["acceptance", "day_after_acceptance"],
        "norm": str,
        "name": Names,
    },
)


class PriceRule(TypedDict):
    """What part of a job's price a customer pays who has to pay, in percent of the prices on its lines."""

    id: str
    norm: str
    materials_percent: int
    labour_percent: int
    name: Names


class RuleSet(TypedDict):
    """A company's whole set of service rules; `calendar` names the country whose holidays count ("CN")."""

    name: Names
    calendar: str
    clocks: dict[str, Clock]
    default_contract: str
    contracts: list[Contract]
    warranty_terms: list[WarrantyTerm]
    price_rules: dict[str, PriceRule]


def contract_of(rule_set: RuleSet, contract: str | None) -> Contract:
    """The contract with this id or name; the default one for None and for a name that nobody knows."""
    for entry in rule_set["contracts"]:
        if contract is not None and (contract == entry["id"] or contract in entry["name"].values()):
            return entry
    default = rule_set["default_contract"]
    return next(entry for entry in rule_set["contracts"] if entry["id"] == default)


def price_rule_of(rule_set: RuleSet, contract: str | None) -> PriceRule:
    """The price rule of a contract (see `contract_of`): what `charge` takes, and what a phone is given."""
    return rule_set["price_rules"][contract_of(rule_set, contract)["price_rule"]]


def name_in(names: Mapping[str, str], language: str) -> str:
    """The name in `language`, else in the first language that there is, else the empty string."""
    return names.get(language) or next(iter(names.values()), "")
