"""Whether a job is under warranty, until when, and why (work-orders.md, S04 S07 S11 S13 S14 S19 S20)."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from typing import Literal, NotRequired, TypedDict

from server.rules.rule_set import RuleSet, WarrantyTerm, contract_of


class AssetFacts(TypedDict, total=False):
    """What is known of an asset: its warranty category, ISO dates (or None), and the customer's card."""

    category: str | None
    accepted_on: str | None
    completed_on: str | None
    card: Literal["have", "lost"] | None


class WarrantyWhy(TypedDict):
    """The reason in figures. `code` is within_term, term_over, no_asset, no_dates or no_term."""

    code: Literal["within_term", "term_over", "no_asset", "no_dates", "no_term"]
    norm: NotRequired[str]
    term: NotRequired[str]
    months: NotRequired[int]
    begins: NotRequired[Literal["acceptance", "day_after_acceptance", "completion", "card_lost"]]
    start: NotRequired[str]
    until: NotRequired[str]
    category: NotRequired[str]


class Warranty(TypedDict):
    """`covered` is None where it cannot be known; `until` is the last covered day, an ISO date."""

    covered: bool | None
    until: str | None
    why: WarrantyWhy


def warranty(asset: AssetFacts | None, contract: str | None, rule_set: RuleSet, on: date) -> Warranty:
    """The warranty of an asset on the day `on` (the day in the company's time zone).

    The term that names the asset's category counts, else the contract's term. It runs from acceptance;
    from completion where there is no acceptance date or the customer cannot show the card (S07). The
    day on which it starts is not counted and the corresponding day is the last one (Civil Code of the
    PRC, articles 201 and 202), so `until` is start + months, included.
    """
    if asset is None:
        return _unknown({"code": "no_asset"})
    category = asset.get("category") or ""
    term = _term_of(category, contract, rule_set)
    if term is None:
        return _unknown({"code": "no_term", "category": category})
    begins, start = _beginning(asset, term)
    if start is None:
        return _unknown({"code": "no_dates", "term": term["id"], "months": term["months"]})
    until = add_months(start, term["months"])
    covered = on <= until
    return {
        "covered": covered,
        "until": until.isoformat(),
        "why": {
            "code": "within_term" if covered else "term_over",
            "norm": term["norm"],
            "term": term["id"],
            "months": term["months"],
            "begins": begins,
            "start": start.isoformat(),
            "until": until.isoformat(),
        },
    }


def covered_on(known: Warranty, on: date) -> Warranty:
    """A warranty that was looked up on another day, on the day `on`; what is unknown stays so."""
    if known["until"] is None:
        return known
    covered = on <= date.fromisoformat(known["until"])
    code: Literal["within_term", "term_over"] = "within_term" if covered else "term_over"
    return {"covered": covered, "until": known["until"], "why": {**known["why"], "code": code}}


def add_months(day: date, months: int) -> date:
    """The corresponding day `months` later; the last day of that month where it has no such day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def _unknown(why: WarrantyWhy) -> Warranty:
    return {"covered": None, "until": None, "why": why}


def _term_of(category: str, contract: str | None, rule_set: RuleSet) -> WarrantyTerm | None:
    for term in rule_set["warranty_terms"]:
        if category and category in term["categories"]:
            return term
    wanted = contract_of(rule_set, contract)["warranty"]["term"]
    return next((term for term in rule_set["warranty_terms"] if term["id"] == wanted), None)


def _beginning(
    asset: AssetFacts, term: WarrantyTerm
) -> tuple[Literal["acceptance", "day_after_acceptance", "completion", "card_lost"], date | None]:
    accepted, completed = _day(asset.get("accepted_on")), _day(asset.get("completed_on"))
    if asset.get("card") == "lost" and completed is not None:
        return "card_lost", completed
    if accepted is None:
        return "completion", completed
    if term["from"] == "day_after_acceptance":
        return "day_after_acceptance", accepted + timedelta(days=1)
    return "acceptance", accepted


def _day(text: str | None) -> date | None:
    """The date in the first ten characters of an ISO date or time, None for none."""
    return date.fromisoformat(text[:10]) if text else None
