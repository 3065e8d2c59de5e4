"""Opening the work orders of a file, through the ledger of the person who loads it."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, select

from server.imports.findings import FileProblem, Finding
from server.imports.identity import identify
from server.imports.judging import GoodRow, JudgedSheet
from server.imports.rows import Known, WorkOrderRow
from server.imports.store_masters import Effect
from server.models import JournalLine, WorkOrder
from server.rules.telephones import same_telephone
from server.sync.exchange.office_ledger import NewOperation
from server.sync.ledgers.outcome import Outcome
from server.sync.store.locks import lock_documents

OpenOrders = Callable[[Connection, list[NewOperation]], list[Outcome]]
Data = dict[str, Any]  # Any: JSON, the data of an order.open


def store_orders(
    judged: JudgedSheet, portion: Sequence[GoodRow], known: Known, open_orders: OpenOrders, connection: Connection
) -> tuple[list[Effect], list[Finding]]:
    """Open those orders of a part of the sheet that are new; what became of each row, and what is to be said.

    An order that is there already stays as it is, whatever happened to it since; where the row differs from
    how the order was opened, a finding says so. Raises FileProblem(order_not_taken) where the ledger holds
    one: this part is then undone.
    """
    wanted = [(good, _data(good, known)) for good in portion]
    # Nobody else opens them meanwhile: the same file may be on its way twice.
    lock_documents(connection, [_identity(data) for _, data in wanted])
    opened = _opened(connection, [data["number"] for _, data in wanted])
    new = [data for _, data in wanted if data["number"] not in opened]
    # The ledger is not touched for nothing: a second load leaves no line.
    outcomes = open_orders(connection, [_operation(data) for data in new]) if new else []
    for data, outcome in zip(new, outcomes, strict=True):
        if outcome.status == "held":
            why = str(outcome.detail.get("problem") or outcome.reason)
            raise FileProblem(judged.sheet.file, "order_not_taken", number=data["number"], why=why)
    effects: list[Effect] = ["unchanged" if data["number"] in opened else "taken" for _, data in wanted]
    differing = (
        (good, [name for name, value in data.items() if _is_other(name, opened[data["number"]].get(name), value)])
        for good, data in wanted
        if data["number"] in opened
    )
    return effects, [_differs(judged, good, names) for good, names in differing if names]


def _opened(connection: Connection, numbers: Sequence[str]) -> dict[str, Data]:
    """How each order that exists was opened, by number."""
    lines = connection.execute(
        select(WorkOrder.number, JournalLine.bytes)
        .join(JournalLine, JournalLine.document_id == WorkOrder.id)
        .where(WorkOrder.number.in_(numbers), JournalLine.kind == "order.open")
        .order_by(JournalLine.position.desc())
    )
    return {row.number: json.loads(row.bytes)["data"] for row in lines}


def _operation(data: Data) -> NewOperation:
    return NewOperation("order.open", _identity(data), data)


def _identity(data: Data) -> str:
    return identify("work_orders", data["number"])


def _data(good: GoodRow, known: Known) -> Data:
    row = good.value
    assert isinstance(row, WorkOrderRow)
    window = row.window and {"start": row.window[0].isoformat(), "end": row.window[1].isoformat()}
    return {
        "number": row.number,
        "kind": "repair",
        "fault": row.fault,
        "requests": row.requests,
        "contact": {"name": row.contact_name, "phone": row.phone},
        "customer": known.customers[row.customer].id,
        "site": known.sites[row.site].id,
        "asset": None if row.asset is None else known.assets[row.asset].id,
        "reported_at": row.reported_at.isoformat(),
        "channel": row.channel,
        "assignees": list(row.assignees),
        "window": window,
        "priority": row.priority,
    }


def _is_other(name: str, was: Any, now: Any) -> bool:  # Any: JSON
    """Whether a row says something else than the order was opened with; a number written otherwise is the same."""
    if name != "contact" or not (was and now and was.get("phone") and now["phone"]):
        return bool(was != now)
    return was.get("name") != now["name"] or not same_telephone(was["phone"], now["phone"])


def _differs(judged: JudgedSheet, good: GoodRow, names: Sequence[str]) -> Finding:
    """The finding names the headings of what differs."""
    columns = {"contact": ("contact_name", "phone"), "window": ("window_start", "window_end")}
    headings = [
        judged.sheet.headings[column]
        for name in names
        for column in columns.get(name, (name,))
        if column in judged.sheet.headings
    ]
    where = (judged.sheet.file, judged.sheet.name, good.row, "")
    return Finding(*where, "notice", "order_differs", {"columns": ", ".join(headings)})
