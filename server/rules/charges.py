"""Who pays for a job, and how much: exact sums in minor units (work-orders.md, S07 S13 S14 S19)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal, NotRequired, TypedDict

from server.rules.rule_set import PriceRule

Cause = Literal["supplier", "workmanship", "customer", "wear", "unknown"]

# Twelve digits before the point and six after it: more than any quantity of a job needs, and exact.
_QUANTITY: Final = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,6})?", re.ASCII)
_WHOLE: Final = Decimal(1)
# What holds where no contract says anything else (S19).
_FULL: Final[PriceRule] = {
    "id": "full", "norm": "S19", "materials_percent": 100, "labour_percent": 100, "name": {}
}  # fmt: skip


class ChargeWhy(TypedDict):
    """Why a job is free or not. `code` is free_warranty, free_supplier, customer_cause, out_of_warranty
    or coverage_unknown; the last three name the price rule and its percents."""

    code: Literal["free_warranty", "free_supplier", "customer_cause", "out_of_warranty", "coverage_unknown"]
    price_rule: NotRequired[str]
    norm: NotRequired[str]
    materials_percent: NotRequired[int]
    labour_percent: NotRequired[int]


class ChargeLine(TypedDict):
    """One line: `price` is quantity × unit price, `amount` what the customer pays of it (minor units)."""

    line: str
    kind: Literal["material", "labour"]
    price: int
    percent: int
    amount: int


class Charge(TypedDict):
    """What the customer pays, in minor units of `currency`.

    `covered`: True nothing to pay, False to be paid, None unknown (then the sums are what would be due
    without warranty). `materials` + `labour` = `total`, which are the sums of the lines' amounts.
    """

    covered: bool | None
    why: ChargeWhy
    lines: list[ChargeLine]
    materials: int
    labour: int
    total: int
    currency: str


def quantity_of(text: str) -> Decimal:
    """The exact value of a quantity string such as "2.5". Raises ValueError for anything else."""
    if not _QUANTITY.fullmatch(text):
        raise ValueError(f"not a decimal quantity: {text!r}")
    return Decimal(text)


def amount(quantity: str, unit_price: int, percent: int = 100) -> int:
    """quantity × unit price × percent / 100 in minor units, rounded once, half away from zero."""
    exact = quantity_of(quantity) * unit_price * percent / 100
    return int(exact.quantize(_WHOLE, rounding=ROUND_HALF_UP))


def charge(
    materials: Iterable[Mapping[str, object]],
    labour: Iterable[Mapping[str, object]],
    covered: bool | None,
    cause: Cause | None,
    price_rule: PriceRule | None,
    currency: str,
) -> Charge:
    """What a job costs its customer.

    `materials` and `labour` are the work order's lines (`line`, `quantity`, `unit_price`, `source`,
    `removed`); removed ones and material that the customer brought cost nothing. Free: covered by
    warranty and not the customer's doing, or the supplier's fault. Otherwise the contract's price rule
    holds (full prices without one), and so it does where the coverage is unknown, which `why` then says.
    Raises ValueError for a quantity that is no decimal string.
    """
    rule = price_rule or _FULL
    free, why = _who_pays(covered, cause, rule)
    lines = [
        *_lines("material", materials, 0 if free else rule["materials_percent"]),
        *_lines("labour", labour, 0 if free else rule["labour_percent"]),
    ]
    for_materials = sum(line["amount"] for line in lines if line["kind"] == "material")
    for_labour = sum(line["amount"] for line in lines if line["kind"] == "labour")
    return {
        "covered": free,
        "why": why,
        "lines": lines,
        "materials": for_materials,
        "labour": for_labour,
        "total": for_materials + for_labour,
        "currency": currency,
    }


def _who_pays(covered: bool | None, cause: Cause | None, rule: PriceRule) -> tuple[bool | None, ChargeWhy]:
    """Whether the job is free (None: unknown), and why."""
    if cause == "supplier":
        return True, {"code": "free_supplier"}
    if cause == "customer":
        return False, _by_rule("customer_cause", rule)
    if covered is None:
        return None, _by_rule("coverage_unknown", rule)
    if covered:
        return True, {"code": "free_warranty"}
    return False, _by_rule("out_of_warranty", rule)


def _by_rule(code: Literal["customer_cause", "out_of_warranty", "coverage_unknown"], rule: PriceRule) -> ChargeWhy:
    return {
        "code": code,
        "price_rule": rule["id"],
        "norm": rule["norm"],
        "materials_percent": rule["materials_percent"],
        "labour_percent": rule["labour_percent"],
    }


def _lines(
    kind: Literal["material", "labour"], entries: Iterable[Mapping[str, object]], percent: int
) -> list[ChargeLine]:
    result: list[ChargeLine] = []
    for entry in entries:
        if entry.get("removed"):
            continue
        own = kind == "material" and entry.get("source") == "customer"
        quantity, unit_price = str(entry["quantity"]), entry.get("unit_price")
        price = 0 if own else amount(quantity, unit_price if isinstance(unit_price, int) else 0)
        share = 0 if own else percent
        paid = amount(quantity, unit_price if isinstance(unit_price, int) else 0, share)
        result.append({"line": str(entry["line"]), "kind": kind, "price": price, "percent": share, "amount": paid})
    return result
