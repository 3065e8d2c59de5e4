"""Writing what the whole company shares: parts, warranty terms in the rule set, checklists."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, insert, select, update

from server.documents.work_order.shapes import KINDS
from server.imports.both_languages import both_languages
from server.imports.identity import identify
from server.imports.rows import ChecklistItemRow, PartRow, TermRow
from server.imports.store_masters import Effect
from server.imports.vocabulary import vocabulary
from server.models import Document, Part
from server.rules.initials import initials_of
from server.rules.rule_set import RuleSet, WarrantyTerm
from server.sync.store.feeds import put_document
from server.sync.store.finding import rule_set_of

RULES_ID: Final = identify("rules", "company")
WAREHOUSE: Final = "warehouse"


def store_part(connection: Connection, row: PartRow, now: datetime) -> tuple[Effect, str | None]:
    """Write a part and publish it. Returns also the stock that was kept where the file says another.

    Stock moves with the work once it is counted: a file that was written earlier must not set it back, so
    only a part without a figure takes the file's.
    """
    before = connection.execute(select(Part.__table__).where(Part.number == row.number)).mappings().first()
    stock: dict[str, str] = json.loads(before["stock"]) if before else {}
    said = None if row.warehouse is None else _plain(row.warehouse)
    kept = None
    if said is not None and stock.setdefault(WAREHOUSE, said) != said:
        kept = stock[WAREHOUSE]
    values = {
        "name": row.name,
        "initials": initials(row.name),
        "unit": row.unit,
        "unit_price": row.unit_price,
        "stock": json.dumps(stock),
    }
    identity = before["id"] if before else identify("parts", row.number)
    if before is None:
        connection.execute(insert(Part).values(id=identity, number=row.number, **values))
    elif any(before[name] != value for name, value in values.items()):
        connection.execute(update(Part).where(Part.id == identity).values(**values))
    body = values | {"id": identity, "number": row.number, "stock": stock}
    published = put_document(connection, "part", identity, body, now)
    if before is None:
        return "taken", kept
    return ("changed" if published else "unchanged"), kept


def initials(text: str) -> str:
    """Pinyin initials, as many as the column holds."""
    return initials_of(text)[:256]


def _plain(quantity: Decimal) -> str:
    """A quantity without an exponent and without zeros after it."""
    return f"{quantity.normalize():f}"


def store_terms(connection: Connection, rows: Sequence[TermRow], now: datetime) -> list[Effect]:
    """Bring warranty terms into the company's rule set and publish it once; what became of each row."""
    rule_set = rule_set_of(connection)
    new = connection.execute(select(Document.id).where(Document.type == "rules")).first()
    identity = RULES_ID if new is None else str(new.id)
    effects = [_put_term(rule_set, row) for row in rows]
    put_document(connection, "rules", identity, rule_set, now)
    if new is None:
        return ["taken" for _ in effects]
    return effects


def _put_term(rule_set: RuleSet, row: TermRow) -> Effect:
    terms = rule_set["warranty_terms"]
    for term in terms:
        if row.category in term["categories"]:
            before = (term["months"], term["from"], term["norm"])
            term["months"], term["from"] = row.months, row.starts
            term["norm"] = row.norm or term["norm"]
            return "unchanged" if before == (term["months"], term["from"], term["norm"]) else "changed"
    added: WarrantyTerm = {
        "id": identify("warranty_terms", row.category),
        "categories": [row.category],
        "months": row.months,
        "from": row.starts,
        "norm": row.norm or "",
        "name": {"zh-CN": row.category},
    }
    terms.append(added)
    return "taken"


def store_checklist(
    connection: Connection, sheet: str, rows: Sequence[ChecklistItemRow], now: datetime
) -> list[Effect]:
    """Write the checklist that `sheet` is and publish it; what became of each row.

    A list whose sheet's name speaks of an audit is for inspectors; any other comes with every work order.
    """
    identity = identify("checklists", sheet)
    old = connection.execute(
        select(Document.body).where(Document.type == "checklist", Document.id == identity)
    ).scalar_one_or_none()
    words = vocabulary()["checklists"]
    audit = any(word in sheet.lower() for word in words["audits"])
    items = [_item(sheet, row) for row in rows]
    names = words["names"].get(sheet.lower())
    body: dict[str, Any] = {  # Any: JSON
        "id": identity,
        "name": names["zh-CN"] if names else sheet,
        "use": "audit" if audit else "arrival",
        "kinds": [] if audit else list(KINDS),
        "items": items,
    }
    if names:
        body["names"] = names
    put_document(connection, "checklist", identity, body, now)
    before = {item["id"]: item for item in json.loads(old)["items"]} if old else {}
    return [_effect(before, item) for item in items]


def _effect(before: dict[str, dict[str, Any]], item: dict[str, Any]) -> Effect:  # Any: JSON
    if item["id"] not in before:
        return "taken"
    return "unchanged" if before[item["id"]] == item else "changed"


def _item(sheet: str, row: ChecklistItemRow) -> dict[str, Any]:  # Any: JSON
    """An item; its id is unique among all lists, since answers are kept by it. `texts` only where there are two."""
    texts = both_languages(row.item, row.translation)
    return {
        "id": identify("checklist_items", f"{sheet}:{row.item}"),
        "text": row.item,
        "type": "check",
        "area": row.area,
        "when": row.when,
        "norm": row.norm,
        "required": row.required,
    } | ({"texts": texts} if texts else {})
