"""What follows from a body: state, charge, lateness, what a signature still covers, initials for search.

Always computed from the rest, never written by an operation; the phone computes the same (apply.js).
"""

from __future__ import annotations

from typing import Any

from server.documents.operation import Body
from server.evidence.report import differences
from server.rules.charges import charge
from server.rules.stages import ENDS


def derive(body: Body) -> None:
    """Bring the derived fields of `body` up to date, in place."""
    body["state"] = state_of(body)
    terms = body["terms"]
    body["warranty"] = terms.get("warranty") or {"covered": None, "until": None, "why": {"code": "no_asset"}}
    body["charge"] = charge(
        [m for m in body["materials"] if not m["removed"]],
        [w for w in body["labour"] if not w["removed"]],
        body["warranty"]["covered"],
        body["cause"],
        terms.get("price_rule"),
        terms.get("currency", "CNY"),
    )
    body["late"] = lateness(body)
    for signature in body["signatures"]:
        signature["differs"] = differences(signature["report"], body)
        signature["state"] = "superseded" if signature["differs"] else "intact"


def state_of(body: Body) -> str:
    """One word for lists."""
    if body["disposition"] == "cancelled" and body["stage"] not in ENDS:
        return "cancelled"
    if body["stage"] in ENDS:
        verdict = body["review"]["state"]
        return verdict if verdict in ("approved", "returned") else str(body["stage"])
    if body["disposition"] == "on_hold":
        return "on_hold"
    if body["stage"] == "new":
        return "planned" if body["assignees"] else "unplanned"
    return str(body["stage"])


def lateness(body: Body) -> str | None:
    """`on_time`, `late` or `unproven` of the first arrival against its deadline; None before one."""
    arrivals: list[dict[str, Any]] = body["arrivals"]  # Any: JSON
    if not arrivals or arrivals[0]["punctual"] == "no_deadline":
        return None
    return str(arrivals[0]["punctual"])


def needs_decision(body: Body) -> bool:
    """Whether somebody in the office has to look: flags, open conflicts, a contradicted arrival, a review."""
    return bool(
        any(not f.get("settled") for f in body["flags"])
        or any(c["settled"] is None for c in body["conflicts"])
        or any(a["verdict"] == "contradicted" and a["ruling"] is None for a in body["arrivals"])
    )
