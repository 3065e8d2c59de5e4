"""Who reads a page: in which language, in which zone, in which theme; and how figures are written for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from server.language import Length, format_day, format_moment, format_money, format_month, format_quantity, text
from server.rules.lengths import told_accuracy, told_length

THEMES: Final = ("system", "light", "dark")


@dataclass(frozen=True)
class Reader:
    """One person in front of one page. `zone` is the company's time zone, `now` the moment of the request."""

    language: str
    theme: str
    zone: ZoneInfo
    currency: str
    now: datetime

    def say(self, message: str, **figures: object) -> str:
        """The text of `message` in the reader's language."""
        return text(self.language, message, **figures)

    def in_itself(self, language: str) -> str:
        """The name of a language as its own readers write it."""
        return text(language, "office-language-name")

    @property
    def today(self) -> date:
        """The company's day."""
        return self.now.astimezone(self.zone).date()

    def local(self, at: str | datetime) -> datetime:
        """A moment (RFC 3339 text or aware datetime) in the company's zone; as it is where that zone's calendar
        does not have it."""
        moment = datetime.fromisoformat(at) if isinstance(at, str) else at
        try:
            return moment.astimezone(self.zone)
        except OverflowError:
            return moment

    def clock(self, at: str | datetime | None, beside: str | datetime | date | None = None) -> str:
        """ "09:14", with the date before it where it is another day than `beside` (default: today); "—" for None.

        No line breaks inside it.
        """
        if at is None:
            return "—"
        moment = self.local(at)
        if beside is None:
            reference = self.today
        elif isinstance(beside, date) and not isinstance(beside, datetime):
            reference = beside
        else:
            reference = self.local(beside).date()
        if moment.date() == reference:
            return f"{moment:%H:%M}"
        return self._dated(moment, year=moment.year != reference.year)

    def second(self, at: str | datetime | None, beside: str | datetime | date | None = None) -> str:
        """As `clock`, to the second."""
        return "—" if at is None else f"{self.clock(at, beside)}:{self.local(at):%S}"

    def moment(self, at: str | datetime | None) -> str:
        """ "Nov 24, 2026, 09:14", or "—"."""
        return "—" if at is None else self._dated(self.local(at), year=True)

    def _dated(self, moment: datetime, *, year: bool) -> str:
        return format_moment(moment, self.language, year=year).replace(" ", "\N{NO-BREAK SPACE}")

    def span(
        self, start: str | datetime | None, end: str | datetime | None, beside: str | datetime | date | None = None
    ) -> str:
        """ "09:00–11:00"; the end carries a date only where it is not the day of the start.

        A line breaks only after the dash.
        """
        if start is None or end is None:
            return "—"
        return f"{self.clock(start, beside)}–{self.clock(end, start)}"

    def day(self, day: date | str, length: Length = "full") -> str:
        """A date in words: "Tuesday, 24 November 2026"."""
        return format_day(day, self.language, self.zone.key, length)

    def month(self, day: date) -> str:
        """ "Nov 2026"."""
        return format_month(day, self.language)

    def money(self, minor: int | None, currency: str | None = None) -> str:
        """Whole minor units as money, or "—"; a currency that is not the company's is told from it by its sign."""
        if minor is None:
            return "—"
        other = currency not in (None, self.currency)
        return format_money(minor, currency or self.currency, self.language, mixed=other)

    def quantity(self, amount: str) -> str:
        """A decimal string in the language's signs."""
        return format_quantity(amount, self.language)

    def metres(self, length_m: float | None, within_m: float | None = None) -> str:
        """ "11 m", "12.3 km", or "—"; no finer than the accuracy `within_m`."""
        if length_m is None:
            return "—"
        length_m = told_length(length_m, within_m)
        if length_m < 10_000:
            return f"{format_quantity(round(length_m), self.language)}\N{NO-BREAK SPACE}m"
        return f"{format_quantity(f'{length_m / 1000:.1f}', self.language)}\N{NO-BREAK SPACE}km"

    def distance(self, distance_m: float, accuracy_m: float | None) -> str:
        """ "11 m ±12 m", or the distance alone where nobody stated an accuracy."""
        if accuracy_m is None:
            return self.metres(distance_m)
        distance = self.metres(distance_m, accuracy_m)
        return self.say("office-distance", distance=distance, accuracy=self.accuracy(accuracy_m))

    def accuracy(self, accuracy_m: float) -> str:
        """ "12 m", "350 m", "3,300 m"."""
        return self.metres(told_accuracy(accuracy_m))

    def duration(self, seconds: float) -> str:
        """ "1 h 58 min", "41 s": two units at most."""
        whole = max(0, round(seconds))
        if whole < 60:
            return self.say("duration-seconds", seconds=whole)
        days, rest = divmod(whole, 86_400)
        hours, minutes = rest // 3_600, rest % 3_600 // 60
        if days:
            return self.say("duration-days", days=days, hours=hours)
        if hours:
            return self.say("duration-hours", hours=hours, minutes=minutes)
        return self.say("duration-minutes", minutes=minutes)

    def size(self, size: int) -> str:
        """Bytes as KB or MB."""
        if size < 1_000_000:
            return self.say("size-kilobytes", value=max(1, round(size / 1000)))
        return self.say("size-megabytes", value=size / 1_000_000)
