"""order.recall: a copy that holds more than what stands here takes its place; one that holds less changes nothing."""

from __future__ import annotations

import base64
import copy
import gzip
import json
from typing import Any

from tests.races.random_run.replay.order import Body, Operation, Order


def recalled_body(data: dict[str, Any]) -> Body:  # Any: JSON
    """The body that is offered."""
    if data.get("packed"):
        return json.loads(gzip.decompress(base64.b64decode(data["packed"])))  # type: ignore[no-any-return]  # JSON
    return copy.deepcopy(data["body"])


def is_all_of(one: Body, other: Body) -> bool:
    """Whether one body holds the effect of every line that the other holds."""
    return _lines(other) <= _lines(one)


def _lines(body: Body) -> set[str]:
    return {*body.get("contains", ()), *(mark for each in body.get("brought", ()) for mark in each["marks"])}


def brought_back(order: Order, recalled: Body, op: Operation) -> None:
    """The order goes on from the copy, with what was asked here besides."""
    flags = [each for each in order.body.get("flags", []) if each not in recalled["flags"]]
    order.body = recalled
    order.body["flags"] += flags
    if op.number not in (None, recalled["number"]):
        renumber(order, op)
    order.flag(op, "recalled_from_phone")


def renumber(order: Order, op: Operation) -> None:
    """The order has another number from now on, and somebody is told."""
    order.flag(op, "number_changed")
    order.body["number"] = op.number
