"""Who pays for a job, and how much."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.rules.charges import amount, charge, quantity_of
from server.rules.defaults import default_rule_set
from server.rules.rule_set import PriceRule, price_rule_of
from tests.vector_cases import cases

quantities = st.decimals(0, 100_000, places=3, allow_nan=False).map(lambda value: format(value, "f"))
prices = st.integers(0, 10_000_000)
lines = st.lists(st.tuples(quantities, prices, st.booleans()), max_size=6).map(
    lambda made: [
        {"line": str(number), "quantity": quantity, "unit_price": price, "removed": removed}
        for number, (quantity, price, removed) in enumerate(made)
    ]
)
rules = st.sampled_from(sorted(default_rule_set()["price_rules"])).map(
    lambda name: default_rule_set()["price_rules"][name]
)


@pytest.mark.parametrize(("given_", "expected"), cases("charges"))
def test_who_pays_and_how_much(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    assert charge(**given_) == expected


@pytest.mark.parametrize(("given_", "expected"), cases("amounts"))
def test_an_amount_is_exact_and_rounded_once(given_: dict[str, Any], expected: dict[str, Any]) -> None:
    if expected["amount"] is None:
        with pytest.raises(ValueError, match="not a decimal quantity"):
            amount(**given_)
    else:
        assert amount(**given_) == expected["amount"]


@given(quantities, prices, st.integers(0, 100))
def test_an_amount_is_within_half_a_minor_unit_of_the_truth(quantity: str, price: int, percent: int) -> None:
    truth = Fraction(Decimal(quantity)) * price * percent / 100
    assert abs(amount(quantity, price, percent) - truth) <= Fraction(1, 2)


@given(lines, lines, st.sampled_from([True, False, None]), rules)
def test_the_total_is_the_sum_of_the_lines_and_never_more_than_the_prices(
    materials: list[dict[str, Any]], labour: list[dict[str, Any]], covered: bool | None, rule: PriceRule
) -> None:
    made = charge(materials, labour, covered, "wear", rule, "CNY")
    assert made["total"] == sum(line["amount"] for line in made["lines"]) == made["materials"] + made["labour"]
    assert all(0 <= line["amount"] <= line["price"] for line in made["lines"])
    assert len(made["lines"]) == sum(not line["removed"] for line in materials + labour)


@given(lines, lines, st.booleans(), rules)
def test_the_suppliers_fault_never_costs_the_customer_anything(
    materials: list[dict[str, Any]], labour: list[dict[str, Any]], covered: bool, rule: PriceRule
) -> None:
    assert charge(materials, labour, covered, "supplier", rule, "CNY")["total"] == 0


@pytest.mark.parametrize(
    ("contract", "materials_percent", "labour_percent"),
    [
        ("标准工程", 100, 100),
        ("设备紧急", 70, 100),
        ("驻场合同", 100, 0),
        ("家装", 100, 100),
        ("nobody's contract", 100, 100),
        (None, 100, 100),
    ],
)
def test_each_contract_has_the_prices_of_its_norm(
    contract: str | None, materials_percent: int, labour_percent: int
) -> None:
    rule = price_rule_of(default_rule_set(), contract)
    assert (rule["materials_percent"], rule["labour_percent"]) == (materials_percent, labour_percent)


def test_a_quantity_keeps_every_decimal() -> None:
    assert quantity_of("0.100000") == Decimal("0.1")
