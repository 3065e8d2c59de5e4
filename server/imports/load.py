"""Taking files in. What a company keeps on file comes in one transaction, all good rows or, after a fault, none; the
work orders after that in portions, so that phones and the office write in between, and a load that broke off goes on
where it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from server.database import without_bounds
from server.imports.findings import FileProblem, FileReport, Finding, SheetSummary
from server.imports.identity import identify
from server.imports.judging import JudgedSheet, judge_sheet, with_rows
from server.imports.known import read_known
from server.imports.reading import Contents, Sheet, read_file
from server.imports.rows import (
    AssetRow,
    ChecklistItemRow,
    CustomerRow,
    Known,
    ParsedRow,
    PartRow,
    SiteRow,
    TermRow,
    WorkOrderRow,
)
from server.imports.store_company import store_checklist, store_part, store_terms
from server.imports.store_masters import Effect, store_asset, store_customer, store_site
from server.imports.store_orders import OpenOrders, store_orders
from server.imports.tables import TABLES, WORK_ORDERS
from server.sync.exchange.exchange import Write
from server.sync.store.locks import lock_loads

# Called with the file, the sheet, how many of its rows are done, and how many it has.
Progress = Callable[[str, str, int, int], None]

ROWS_BETWEEN_PROGRESS: Final = 20
# Of an order's few milliseconds this makes less than a tenth of a second in which others wait to write.
PORTION: Final = 20


@dataclass(frozen=True)
class Loading:
    """What taking files in needs of its surroundings.

    `write` runs a part of the load in one write transaction; `open_orders` writes operations as the person who
    loads, and is None where nobody may; `adapt` may change an order's row before it is stored (the demonstration
    moves dates).
    """

    write: Write
    timezone: ZoneInfo
    now: datetime
    open_orders: OpenOrders | None = None
    adapt: Callable[[WorkOrderRow, Known], WorkOrderRow] = field(default=lambda row, known: row)


def no_progress(_file: str, _sheet: str, _done: int, _total: int) -> None:
    """Progress that nobody watches."""


def load_files(
    paths: Iterable[Path], loading: Loading, progress: Progress = no_progress
) -> Iterator[FileReport | FileProblem]:
    """Take files in, those that others refer to first; a file that cannot be read does not stop the rest."""
    contents: list[Contents] = []
    for path in paths:
        try:
            contents.append(read_file(path))
        except FileProblem as problem:
            yield problem
    for one in sorted(contents, key=_rank):
        try:
            yield load_contents(one, loading, progress)
        except FileProblem as problem:
            yield problem


def _rank(contents: Contents) -> tuple[bool, int]:
    """Work orders take over prices' rules, checklists and customers as they are when they are opened."""
    tables = [TABLES.index(sheet.table) for sheet in contents.sheets]
    return TABLES.index(WORK_ORDERS) in tables, min(tables, default=0)


def load_contents(contents: Contents, loading: Loading, progress: Progress = no_progress) -> FileReport:
    """Take one file in. Raises FileProblem, and whatever the database raises; then nothing is written but, where it
    was a work order, what comes before that."""
    if loading.open_orders is None and any(sheet.table == WORK_ORDERS for sheet in contents.sheets):
        raise FileProblem(contents.file, "nobody_to_open_orders")
    taken = loading.write(lambda connection: _take(connection, contents, loading, progress))
    for judged in taken.orders:
        taken.note(judged, _open_orders(judged, taken.known, loading, progress))
    return taken.report(contents)


@dataclass
class _Taken:
    """What came of a file's sheets so far; `orders` are those that are still to be opened."""

    known: Known
    findings: list[Finding]
    orders: list[JudgedSheet] = field(default_factory=list)
    summaries: dict[str, SheetSummary] = field(default_factory=dict)

    def note(self, judged: JudgedSheet, came: tuple[list[Effect], list[Finding]]) -> None:
        """What became of a sheet's rows, and what is to be said of them."""
        effects, said = came
        count = Counter(effects)
        name, table = judged.sheet.name, judged.sheet.table.name
        numbers = (count["taken"], count["changed"], count["unchanged"], judged.refused)
        self.summaries[name] = SheetSummary(name, table, *numbers)
        self.findings += [*judged.findings, *said]

    def report(self, contents: Contents) -> FileReport:
        """All of it, in the order of the file."""
        order = [sheet.name for sheet in contents.sheets]
        self.findings.sort(key=lambda finding: (_place(order, finding.sheet), finding.row))
        return FileReport(contents.file, tuple(self.summaries[name] for name in order), tuple(self.findings))


def _take(connection: Connection, contents: Contents, loading: Loading, progress: Progress) -> _Taken:
    without_bounds(connection)
    lock_loads(connection)
    taken = _Taken(read_known(connection), list(contents.findings))
    for sheet in sorted(contents.sheets, key=lambda sheet: TABLES.index(sheet.table)):
        judged = judge_sheet(sheet, taken.known, loading.timezone)
        taken.known = with_rows(taken.known, judged.rows, identify)
        if sheet.table == WORK_ORDERS:
            taken.orders.append(judged.adapted(loading.adapt, taken.known))
        else:
            taken.note(judged, _store_sheet(connection, judged, taken.known, loading, progress))
    return taken


def _open_orders(
    judged: JudgedSheet, known: Known, loading: Loading, progress: Progress
) -> tuple[list[Effect], list[Finding]]:
    """Open a sheet's orders, a portion in each transaction, and say how far it is."""
    assert loading.open_orders is not None
    effects: list[Effect] = []
    findings: list[Finding] = []
    file, sheet, total = judged.sheet.file, judged.sheet.name, len(judged.rows)
    progress(file, sheet, 0, total)
    for start in range(0, total, PORTION):
        portion = judged.rows[start : start + PORTION]
        some, said = loading.write(partial(store_orders, judged, portion, known, loading.open_orders))
        effects += some
        findings += said
        progress(file, sheet, len(effects), total)
    if not total:
        progress(file, sheet, 0, 0)
    return effects, findings


def _place(order: Sequence[str], sheet: str) -> int:
    return order.index(sheet) if sheet in order else len(order)


def _store_sheet(
    connection: Connection, judged: JudgedSheet, known: Known, loading: Loading, progress: Progress
) -> tuple[list[Effect], list[Finding]]:
    """Write a sheet's good rows and say how far it is; what became of each row, and more findings."""
    effects: list[Effect] = []
    findings: list[Finding] = []
    file, sheet, total = judged.sheet.file, judged.sheet.name, len(judged.rows)
    progress(file, sheet, 0, total)
    for some, said in _store_rows(connection, judged, known, loading):
        effects += some
        findings += said
        if len(effects) % ROWS_BETWEEN_PROGRESS == 0 and len(effects) < total:
            progress(file, sheet, len(effects), total)
    progress(file, sheet, total, total)
    return effects, findings


def _store_rows(
    connection: Connection, judged: JudgedSheet, known: Known, loading: Loading
) -> Iterator[tuple[list[Effect], list[Finding]]]:
    """Write the rows, in the portions in which their table is written."""
    values: Sequence[ParsedRow] = [good.value for good in judged.rows]
    match judged.sheet.table.name:
        case "warranty_terms":
            yield store_terms(connection, cast(Sequence[TermRow], values), loading.now), []
        case "checklists":
            items = cast(Sequence[ChecklistItemRow], values)
            yield store_checklist(connection, judged.sheet.name, items, loading.now), []
        case _:
            for good in judged.rows:
                yield _store_row(connection, judged.sheet, good.row, good.value, known, loading.now)


def _store_row(
    connection: Connection, sheet: Sheet, number: int, row: ParsedRow, known: Known, now: datetime
) -> tuple[list[Effect], list[Finding]]:
    match row:
        case CustomerRow():
            return [store_customer(connection, row)], []
        case SiteRow():
            return [store_site(connection, row, known)], []
        case AssetRow():
            return [store_asset(connection, row, known)], []
        case PartRow():
            effect, kept = store_part(connection, row, now)
            if kept is None:
                return [effect], []
            where = (sheet.file, sheet.name, number, sheet.headings["warehouse"])
            return [effect], [Finding(*where, "notice", "stock_kept", {"stock": kept})]
    raise TypeError(f"{type(row).__name__} is not written row by row")
