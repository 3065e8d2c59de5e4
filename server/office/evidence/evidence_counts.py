"""How often one person's evidence was what, by week or month: what could be proven, not how anybody works."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Final
from zoneinfo import ZoneInfo

from server.office.evidence.evidence_queries import Item

MONTHS: Final = 12
WEEKS: Final = 16
VERDICTS: Final = ("verified", "unproven", "contradicted")


class By(Enum):
    """How long a period is."""

    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True)
class Period:
    """From `first` to before `next`, days of the company's calendar; a week begins on Monday."""

    first: date
    next: date


@dataclass
class Counts:
    """What was recorded in a period, by kind and state."""

    period: Period | None
    of: Counter[tuple[str, str]] = field(default_factory=Counter)

    def total(self, kind: str) -> int:
        """All of a kind."""
        return sum(count for (its, _), count in self.of.items() if its == kind)

    def number(self, kind: str, *states: str) -> int:
        """Those of a kind in one of these states."""
        return sum(self.of[(kind, state)] for state in states)

    def shares(self, width: float) -> list[tuple[str, float, float]]:
        """Arrivals by verdict as parts of a bar: verdict, where it begins, how wide it is."""
        total, begins, parts = self.total("arrival"), 0.0, []
        for verdict in VERDICTS:
            share = width * self.number("arrival", verdict) / total if total else 0.0
            if share:
                parts.append((verdict, round(begins, 2), round(share, 2)))
            begins += share
        return parts


def periods(by: By, today: date) -> list[Period]:
    """The last twelve months or sixteen weeks, this one first."""
    if by is By.WEEK:
        monday = today - timedelta(days=today.weekday())
        mondays = [monday - timedelta(weeks=back) for back in range(WEEKS)]
        return [Period(day, day + timedelta(weeks=1)) for day in mondays]
    firsts, first = [], today.replace(day=1)
    for _ in range(MONTHS):
        firsts.append(first)
        first = (first - timedelta(days=1)).replace(day=1)
    return [Period(day, (day + timedelta(days=31)).replace(day=1)) for day in firsts]


def counted(items: Iterable[Item], among: Sequence[Period], zone: ZoneInfo) -> list[Counts]:
    """The counts of each period; those in which nothing was recorded are left out."""
    counts = [Counts(period) for period in among]
    for item in items:
        day = item.at.astimezone(zone).date()
        for one in counts:
            if one.period is not None and one.period.first <= day < one.period.next:
                one.of[(item.kind, item.state)] += 1
                break
    return [one for one in counts if one.of]


def totals(items: Iterable[Item]) -> Counts:
    """The counts of all of them together."""
    return Counts(None, Counter((item.kind, item.state) for item in items))


def doubts(items: Iterable[Item]) -> list[tuple[str, int]]:
    """What kept how many arrivals from being verified, the most frequent first; one arrival may have several."""
    codes = Counter(code for item in items if item.kind == "arrival" for code in item.reasons)
    return sorted(codes.items(), key=lambda one: (-one[1], one[0]))
