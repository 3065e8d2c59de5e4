"""The service report that a customer reads and signs, and what differs from it later (evidence.md).

The text that is signed is the JSON of `report_of`, written on the phone by the same rules. Everything
here reads it back from that text: the server never makes a signed report anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, Literal

from server.rules.charges import amount, quantity_of
from server.rules.values import Json, numbers_in, same, storable

SignatureProblem = Literal["not_text", "digest_differs", "not_json", "bad_number", "not_an_object", "missing_keys"]

REQUIRED: Final = (
    "number", "language", "customer", "site", "fault", "diagnosis", "work_done", "materials", "labour",
    "charge", "arrived_at", "technician",
)  # fmt: skip
# The ideographic comma between names in Chinese.
_JOINTS: Final = {"zh-CN": "\u3001"}
_LINE_KEYS: Final = ("name", "unit", "quantity", "unit_price")
# In minor units: more than any job costs, and every program counts it exactly.
_LARGEST_NUMBER: Final = 10**15
_CHARGE_KEYS: Final = ("covered", "materials", "labour", "total", "currency")


def report_of(body: Mapping[str, Json], language: str, names: Mapping[str, str], currency: str) -> dict[str, Json]:
    """The report of a work order's document body, in the order in which it is read.

    `names` gives people's names by person id. `language` says which language the customer reads; the
    words around these values come from its catalogue. Money is in minor units of `currency`, times are
    those of the document's evidence (RFC 3339), absent things are None.
    """
    customer, site, asset = (_object(body.get(name)) for name in ("customer", "site", "asset"))
    arrival, departure = _last(body.get("arrivals")), _last(body.get("departures"))
    arrived_at, departed_at = _best(arrival), _best(departure)
    if not _in_order(arrived_at, departed_at):
        departed_at = None
    return {
        "number": body.get("number"),
        "kind": body.get("kind"),
        "language": language,
        "customer": customer.get("name"),
        "site": {"name": site.get("name"), "address": site.get("address")},
        "asset": {key: asset.get(key) for key in ("name", "model", "serial")} if asset else None,
        "reported_at": body.get("reported_at"),
        "fault": body.get("fault"),
        "cause": body.get("cause"),
        "diagnosis": body.get("diagnosis"),
        "work_done": body.get("work_done"),
        "materials": _lines(body.get("materials"), ("line", "part", "name", "unit"), ("source", "serial")),
        "labour": _lines(body.get("labour"), ("line", "name", "method", "unit"), ()),
        "charge": _charge(_object(body.get("charge")), currency),
        "warranty_until": _object(body.get("warranty")).get("until"),
        "arrived_at": arrived_at,
        "departed_at": departed_at,
        "technician": _JOINTS.get(language, ", ").join(_technicians(body, names)),
    }


def differences(signed: Mapping[str, Json], body: Mapping[str, Json]) -> list[str]:
    """Which parts of a signed report the order no longer says, by the report's own names.

    Compared are what was wrong and done, materials, labour, charge, number, customer and site, in those
    members that both sides have: a report of another program may say more or less about a line. A time
    of arrival is not compared but for its being there, since the server knows it better than the phone. A charge
    that names no total says what nobody can compare, and differs.
    """
    now = report_of(body, "", {}, "")
    differing = [name for name in ("fault", "diagnosis", "work_done") if not _same_text(signed.get(name), now[name])]
    differing += [name for name in ("materials", "labour") if not _same_lines(signed.get(name), now[name])]
    charge = _object(signed.get("charge"))
    if "total" not in charge or not _same_members(charge, _object(body.get("charge")), _CHARGE_KEYS):
        differing.append("charge")
    if signed.get("number") and now["number"] and signed["number"] != now["number"]:
        differing.append("number")
    differing += [name for name in ("customer", "site") if not _same_party(signed.get(name), body.get(name))]
    if bool(signed.get("arrived_at")) != bool(now["arrived_at"]):
        differing.append("arrived_at")
    return [name for name in REQUIRED if name in differing]


def check_signature(data: Mapping[str, Json]) -> list[SignatureProblem]:
    """What is wrong with the report in a `signature.record`'s data; an empty list where nothing is.

    The SHA-256 of the text's UTF-8 bytes must equal `sha256`; the text must be a JSON object with the
    members of `REQUIRED`. `not_json` is also what cannot be kept (NaN, NUL, half a surrogate pair, nested
    too deep), `bad_number` one that is not finite or beyond any money.
    """
    text = data.get("report")
    if not isinstance(text, str):
        return ["not_text"]
    problems: list[SignatureProblem] = []
    if data.get("sha256") != digest(text):
        problems.append("digest_differs")
    try:
        report = json.loads(text, parse_constant=_refuse_constant)
        figures = list(numbers_in(report))
    except (ValueError, RecursionError):
        return [*problems, "not_json"]
    if not all(-_LARGEST_NUMBER <= figure <= _LARGEST_NUMBER for figure in figures):
        return [*problems, "bad_number"]
    if not storable(report):
        return [*problems, "not_json"]
    if not isinstance(report, dict):
        return [*problems, "not_an_object"]
    if any(name not in report for name in REQUIRED):
        problems.append("missing_keys")
    return problems


def _refuse_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")


def digest(text: str) -> str:
    """SHA-256 of a text's UTF-8 bytes in lower-case hex, as in `signature.record`. A text with half a
    surrogate pair has no UTF-8 and gets the digest of nothing that could be signed."""
    return hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()


def _object(value: Json) -> dict[str, Json]:
    return value if isinstance(value, dict) else {}


def _entries(value: Json) -> list[dict[str, Json]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _last(value: Json) -> dict[str, Json]:
    entries = _entries(value)
    return entries[-1] if entries else {}


def _best(record: Mapping[str, Json]) -> str | None:
    best = _object(record.get("time")).get("best")
    return best if isinstance(best, str) else None


def _in_order(first: str | None, then: str | None) -> bool:
    """Whether both times are there and the second is not before the first."""
    if first is None or then is None:
        return False
    return datetime.fromisoformat(first) <= datetime.fromisoformat(then)


def _lines(value: Json, first: Sequence[str], last: Sequence[str]) -> list[Json]:
    """The lines that were not removed, each with `amount` = quantity × unit price before any discount."""
    lines: list[Json] = []
    for entry in _entries(value):
        if entry.get("removed"):
            continue
        unit_price = entry.get("unit_price")
        price = unit_price if isinstance(unit_price, int) else 0
        line: dict[str, Json] = {key: entry.get(key) for key in first}
        line |= {"quantity": entry.get("quantity"), "unit_price": price}
        line["amount"] = amount(str(entry.get("quantity")), price)
        lines.append(line | {key: entry.get(key) for key in last})
    return lines


def _charge(charge: Mapping[str, Json], currency: str) -> dict[str, Json]:
    return {
        "covered": charge.get("covered"),
        "why": charge.get("why"),
        "materials": charge.get("materials") or 0,
        "labour": charge.get("labour") or 0,
        "total": charge.get("total") or 0,
        "currency": charge.get("currency") or currency,
    }


def _technicians(body: Mapping[str, Json], names: Mapping[str, str]) -> list[str]:
    """Who was there, else who was sent: each name once, in order."""
    people = [each.get("by") for each in _entries(body.get("arrivals"))]
    if not people:
        assignees = body.get("assignees")
        people = list(assignees) if isinstance(assignees, list) else []
    known = [names[each] for each in people if isinstance(each, str) and each in names]
    return list(dict.fromkeys(known))


def _same_text(signed: Json, now: Json) -> bool:
    if isinstance(signed, str) and isinstance(now, str):
        return signed.replace("\r\n", "\n").strip() == now.replace("\r\n", "\n").strip()
    return same(signed, now)


def _same_lines(signed: Json, now: Json) -> bool:
    """Whether each signed line has its own line now with the same content, in any order."""
    left = _entries(now)
    for line in _entries(signed):
        found = next((each for each in left if _same_line(line, each)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _same_line(signed: Mapping[str, Json], now: Mapping[str, Json]) -> bool:
    if signed.get("line") and signed["line"] != now.get("line"):
        return False
    for key in _LINE_KEYS:
        if key not in signed:
            continue
        if key == "quantity":
            if not _same_quantity(signed[key], now.get(key)):
                return False
        elif not same(signed[key], now.get(key)):
            return False
    return True


def _same_quantity(one: Json, other: Json) -> bool:
    try:
        return quantity_of(str(one)) == quantity_of(str(other))
    except ValueError:
        return one == other


def _same_members(signed: Json, now: Mapping[str, Json], keys: Sequence[str]) -> bool:
    """Whether the members that both objects have are equal; what is no object is not compared."""
    if not isinstance(signed, dict):
        return True
    return all(same(signed[key], now[key]) for key in keys if key in signed and key in now)


def _same_party(signed: Json, now: Json) -> bool:
    """Whether a customer or site, given by its name (alone or in a text) or as an object, is the same."""
    name = _object(now).get("name")
    if isinstance(signed, dict):
        return _same_members(signed, _object(now), ("name", "address"))
    if isinstance(signed, str) and isinstance(name, str):
        address = _object(now).get("address")
        return name in signed or (isinstance(address, str) and bool(address) and address in signed)
    return True
