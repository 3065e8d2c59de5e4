"""What stands on the paper of a signed report: every word and figure, in order, ready to be set.

All of it comes from the text that the customer read and signed. What this module does not know by name is
shown all the same, under its own name: nothing that was signed is left out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Final, TypedDict

from server.evidence.report import digest
from server.language import format_day, format_money, format_quantity, format_time, has_text, languages, text
from server.rules.charges import amount, quantity_of
from server.rules.values import storable

Signed = Mapping[str, object]

PARTIES: Final = ("customer", "site", "asset", "technician")
TIMES: Final = ("reported_at", "arrived_at", "departed_at")
LINE: Final = (
    "line", "name", "method", "part", "serial", "source", "quantity", "unit", "unit_price", "amount"
)  # fmt: skip
STORY: Final = ("fault", "requests", "cause", "diagnosis", "work_done")
ELSEWHERE: Final = ("number", "kind", "language", "materials", "labour", "charge", "warranty_until")
# Beyond this an amount is shown as the number that was signed.
LARGEST_SUM: Final = 10**15


class Entry(TypedDict):
    """A label and what it is the label of."""

    label: str
    value: str


class Line(TypedDict):
    """One line of materials or labour."""

    name: str
    note: str
    quantity: str
    unit_price: str
    amount: str


class Group(TypedDict):
    """Lines under a heading."""

    title: str
    lines: list[Line]


class Sum(TypedDict):
    """One line of the sums; `strong` is what is to pay."""

    label: str
    value: str
    strong: bool


class Sheet(TypedDict):
    """The paper's content but for signature and proof."""

    number: str
    kind: str
    parties: list[Entry]
    times: list[Entry]
    story: list[Entry]
    groups: list[Group]
    sums: list[Sum]
    why: str
    other: list[Entry]
    verbatim: str


class Reader:
    """For whom a paper is written: `language` of its labels, `timezone` of its clocks."""

    def __init__(self, language: str, timezone: str) -> None:
        self.language = language
        self.timezone = timezone

    def say(self, message_id: str, **figures: object) -> str:
        """A text of the catalogue."""
        return text(self.language, message_id, **figures)

    def word(self, group: str, value: object) -> str:
        """The word for a value that stands in the catalogue as `<group>-<value>`, else the value."""
        message_id = f"{group}-{str(value).replace('_', '-')}"
        return text(self.language, message_id) if has_text(message_id) else plain(value)

    def time(self, moment: object) -> str:
        """A moment in RFC 3339 on the reader's clock; whatever else was signed, as it is."""
        try:
            return format_time(str(moment), self.language, self.timezone)
        except (ValueError, OverflowError):
            return plain(moment)

    def day(self, day: object) -> str:
        """A date, likewise."""
        try:
            return format_day(str(day), self.language, self.timezone, "long")
        except (ValueError, OverflowError):
            return plain(day)

    def money(self, minor: object, currency: str) -> str:
        """Minor units as an amount; whatever else was signed, as it is."""
        if isinstance(minor, int) and not isinstance(minor, bool) and abs(minor) <= LARGEST_SUM:
            return format_money(minor, currency, self.language)
        return plain(minor)


def sheet_of(report_text: str, reader: Reader) -> Sheet:
    """The content of the paper for a signed text; a text that is no report is given word for word."""
    report = _parsed(report_text)
    sheet: Sheet = {
        "number": "", "kind": "", "parties": [], "times": [], "story": [], "groups": [], "sums": [],
        "why": "", "other": [], "verbatim": "",
    }  # fmt: skip
    if report is None:
        return sheet | {"verbatim": report_text}
    charge = _object(report.get("charge"))
    currency = str(charge.get("currency") or "CNY")
    groups = [_group(report, name, reader, currency) for name in ("materials", "labour")]
    known = {*PARTIES, *TIMES, *STORY, *ELSEWHERE}
    return sheet | {
        "number": plain(report.get("number")),
        "kind": reader.word("kind", report["kind"]) if report.get("kind") else "",
        "parties": _entries(report, PARTIES, reader),
        "times": _entries(report, TIMES, reader),
        "story": _entries(report, STORY, reader),
        "groups": [group for group in groups if group["lines"]],
        "sums": _sums(report, charge, currency, reader),
        "why": _why(report, charge, reader),
        "other": _entries(report, [key for key in report if key not in known], reader),
    }


def part_lines(report: Signed, name: str, reader: Reader) -> list[str]:
    """One member of a report as lines of plain text, with the words and figures that its paper has."""
    charge = _object(report.get("charge"))
    currency = str(charge.get("currency") or "CNY")
    if name in ("materials", "labour"):
        return [_in_one(line, reader) for line in _group(report, name, reader, currency)["lines"]]
    if name == "charge":
        sums = [f"{each['label']} {each['value']}" for each in _sums(report, charge, currency, reader)]
        why = _why({"charge": charge}, charge, reader)
        return [*sums, why] if why else sums
    if name == "number":
        return [plain(report["number"])] if report.get("number") else []
    if name == "language":
        return [_language(report["language"])] if report.get("language") else []
    return [line for line in _shown(name, report.get(name), reader).splitlines() if line.strip()]


def _language(value: object) -> str:
    """What a language calls itself, where the catalogue has it."""
    return text(str(value), "phone-language-name") if value in languages() else plain(value)


def _in_one(line: Line, reader: Reader) -> str:
    """A line of materials or labour as one line of text."""
    words = " · ".join(word for word in (line["name"], line["note"]) if word)
    figures = {"quantity": line["quantity"], "price": line["unit_price"], "amount": line["amount"]}
    if all(figures.values()):
        return reader.say("report-line", what=words, **figures)
    return " ".join(figure for figure in (words, *figures.values()) if figure)


def is_genuine(report_text: str, sha256: object) -> bool:
    """Whether the text has the digest that was signed."""
    return digest(report_text) == sha256


def plain(value: object) -> str:
    """Any JSON value as readable text."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False)


def _parsed(report_text: str) -> dict[str, object] | None:
    try:
        report = json.loads(report_text)
    except (ValueError, RecursionError):
        return None
    # What check_signature would refuse may be there from before: it is then given word for word.
    return report if isinstance(report, dict) and storable(report) else None


def _object(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _entries(report: Signed, names: tuple[str, ...] | list[str], reader: Reader) -> list[Entry]:
    found: list[Entry] = []
    for name in names:
        value = _shown(name, report.get(name), reader)
        if value:
            found.append({"label": reader.word("report", name), "value": value})
    return found


def _shown(name: str, value: object, reader: Reader) -> str:
    if value in (None, "", [], {}):
        return ""
    if name in TIMES:
        return reader.time(value)
    if name == "cause":
        return reader.word("cause", value)
    if name in ("site", "customer", "asset") and isinstance(value, dict):
        parts = [plain(value[key]) for key in value if value[key] and key != "serial"]
        if value.get("serial"):
            parts.append(reader.say("report-serial", serial=plain(value["serial"])))
        # Chinese addresses need no comma after a name, and a line of its own helps in any language.
        return "\n".join(parts) if name == "site" else " · ".join(parts)
    return plain(value)


def _group(report: Signed, name: str, reader: Reader, currency: str) -> Group:
    lines = report.get(name)
    entries = [line for line in lines if isinstance(line, dict)] if isinstance(lines, list) else []
    return {
        "title": reader.say(f"report-{name}"),
        "lines": [_line(entry, reader, currency) for entry in entries],
    }


def _line(entry: Signed, reader: Reader, currency: str) -> Line:
    notes = [plain(entry.get("method"))]
    if entry.get("part"):
        notes.append(reader.say("report-part", part=plain(entry["part"])))
    if entry.get("serial"):
        notes.append(reader.say("report-serial", serial=plain(entry["serial"])))
    if entry.get("source"):
        notes.append(reader.word("source", entry["source"]))
    more = {key: plain(value) for key, value in entry.items() if key not in LINE}
    notes += [f"{key}: {value}" for key, value in more.items() if value]
    return {
        "name": plain(entry.get("name")),
        "note": " · ".join(note for note in notes if note),
        "quantity": f"{_quantity(entry.get('quantity'), reader)} {plain(entry.get('unit'))}".strip(),
        "unit_price": reader.money(entry.get("unit_price"), currency),
        "amount": reader.money(_amount(entry), currency),
    }


def _quantity(value: object, reader: Reader) -> str:
    try:
        return format_quantity(quantity_of(str(value)), reader.language)
    except ValueError:
        return plain(value)


def _amount(entry: Signed) -> object:
    """The signed amount of a line, else quantity × unit price where both can be read."""
    if entry.get("amount") is not None:
        return entry["amount"]
    price = entry.get("unit_price")
    try:
        return amount(str(entry.get("quantity")), price) if isinstance(price, int) else None
    except (ValueError, ArithmeticError):
        return None


def _sums(report: Signed, charge: Signed, currency: str, reader: Reader) -> list[Sum]:
    """What the lines add up to, what of it is not charged, and what is to pay."""
    if not charge:
        return []
    lines = [line for name in ("materials", "labour") for line in _list(report.get(name))]
    amounts = [_amount(line) for line in lines if isinstance(line, dict)]
    numbers = [each for each in amounts if isinstance(each, int)]
    total = charge.get("total")
    sums: list[Sum] = []
    if isinstance(total, int) and len(numbers) == len(amounts) and sum(numbers) != total:
        reduction = total - sum(numbers)
        sums.append(_sum(reader.say("report-subtotal"), reader.money(sum(numbers), currency)))
        sums.append(
            _sum(
                reader.say("report-reduction"),
                reader.money(reduction, currency).replace("-", "\N{MINUS SIGN}"),
            )
        )
    if charge.get("materials") and charge.get("labour"):
        for name in ("materials", "labour"):
            sums.append(_sum(reader.say(f"report-charged-{name}"), reader.money(charge[name], currency)))
    sums.append(_sum(reader.say("report-total"), reader.money(total, currency), strong=True))
    return sums


def _sum(label: str, value: str, strong: bool = False) -> Sum:
    return {"label": label, "value": value, "strong": strong}


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _why(report: Signed, charge: Signed, reader: Reader) -> str:
    """Why there is something to pay or nothing, and until when the warranty runs."""
    why = charge.get("why")
    code = why.get("code") if isinstance(why, dict) else why
    parts = []
    if code:
        parts.append(reader.word("report-why", code))
    elif "covered" in charge:
        covered = "unknown" if charge["covered"] is None else "yes" if charge["covered"] else "no"
        parts.append(reader.say(f"report-covered-{covered}"))
    if isinstance(why, dict) and (why.get("materials_percent"), why.get("labour_percent")) != (None, None):
        shares = {"materials": why.get("materials_percent"), "labour": why.get("labour_percent")}
        if any(share != 100 for share in shares.values()):
            parts.append(reader.say("report-why-percents", **shares))
    if report.get("warranty_until"):
        until = reader.day(report["warranty_until"])
        parts.append(f"{reader.say('report-warranty-until')} {until}")
    return " · ".join(parts)
