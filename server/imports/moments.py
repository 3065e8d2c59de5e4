"""Dates and times in the forms in which people and spreadsheets write them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

from server.imports.vocabulary import vocabulary

# Serial days that are dates of our time in either calendar (1954 to 2119); other numbers are no dates.
SERIAL_FROM: Final = 20_000
SERIAL_TO: Final = 80_000

_WORDS: Final = vocabulary()["dates"]
_MORNING: Final = frozenset(_WORDS["morning"])
_NOON: Final = frozenset(_WORDS["noon"])
_AFTERNOON: Final = frozenset(_WORDS["afternoon"])
_NIGHT: Final = frozenset(_WORDS["night"])

_DATE: Final = (
    rf"(?:(?P<year>\d{{4}})\s*(?P<mark>[-/.{_WORDS['year']}])\s*)?"
    rf"(?P<month>\d{{1,2}})\s*[-/.{_WORDS['month']}]\s*(?P<day>\d{{1,2}})\s*[{_WORDS['day']}]?"
)
_PART: Final = rf"(?P<part>{'|'.join(_MORNING | _NOON | _AFTERNOON | _NIGHT)})"
_CLOCK: Final = (
    rf"(?P<hour>\d{{1,2}})\s*(?:[:{_WORDS['hour']}]\s*"
    rf"(?:(?P<half>{_WORDS['half']})|(?P<minute>\d{{1,2}})\s*{_WORDS['minute']}?)?"
    rf"(?::(?P<second>\d{{1,2}})(?:\.\d+)?\s*{_WORDS['second']}?)?)"
)
_ZONE: Final = r"(?P<zone>z|[+-]\d{2}:?\d{2})"
_MOMENT: Final = re.compile(rf"{_DATE}(?:\s*t?\s*{_PART}?\s*{_CLOCK}\s*(?P<after>am|pm)?\s*{_ZONE}?)?", re.IGNORECASE)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?")
_COMPACT: Final = re.compile(r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})")


class NotAMoment(ValueError):
    """A cell that is no date: code `date_not_understood` or `date_impossible`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Moment:
    """What a cell says. `year` is None where it names none, `clock` None where it names no time of day.

    `form` names the way it was written, so that a lone cell in another form than its column stands out.
    `zone` is an offset that the cell itself gives, as text ("Z", "+08:00").
    """

    year: int | None
    month: int
    day: int
    clock: time | None
    form: str
    zone: str | None = None

    def on(self, year: int | None = None) -> date:
        """The date, in `year` where the cell names none. Raises NotAMoment for a day that does not exist."""
        try:
            return date(self.year if self.year is not None else year or 0, self.month, self.day)
        except ValueError:
            raise NotAMoment("date_impossible") from None

    def at(self, timezone: ZoneInfo, year: int | None = None) -> datetime:
        """The aware moment on the clocks of `timezone`; midnight where the cell names no time of day."""
        naive = datetime.combine(self.on(year), self.clock or time())
        if self.zone is None:
            return naive.replace(tzinfo=timezone)
        offset = "+00:00" if self.zone.lower() == "z" else self.zone
        return datetime.fromisoformat(naive.isoformat() + offset).astimezone(timezone)


def read_moment(value: object, counts_from_1904: bool = False) -> Moment:
    """Read a cell: an Excel date or serial number, or text with the year first, also in Chinese.

    A date without a year is read only with the month marked as such; 03/04/2026 could be two dates and is not read.
    Raises NotAMoment.
    """
    if isinstance(value, datetime):
        return _of(value, "excel")
    if isinstance(value, date):
        return Moment(value.year, value.month, value.day, None, "excel")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _of_serial(float(value), counts_from_1904)
    if isinstance(value, str):
        return _of_text(value, counts_from_1904)
    raise NotAMoment("date_not_understood")


def _of(value: datetime, form: str) -> Moment:
    clock = value.time().replace(microsecond=0, tzinfo=None)
    return Moment(value.year, value.month, value.day, clock if clock != time() else None, form)


def _of_serial(serial: float, counts_from_1904: bool) -> Moment:
    if not SERIAL_FROM <= serial <= SERIAL_TO:
        raise NotAMoment("date_not_understood")
    epoch = CALENDAR_MAC_1904 if counts_from_1904 else CALENDAR_WINDOWS_1900
    read = from_excel(serial, epoch)
    if not isinstance(read, datetime):
        raise NotAMoment("date_not_understood")
    # A serial is a fraction of a day: half a second is its rounding.
    return _of(_whole_minute(read, _precision_of(serial)) + timedelta(milliseconds=500), "serial")


def _precision_of(serial: float) -> timedelta:
    """By how much the moment may be off that a serial with so many decimals means."""
    decimals = len(repr(serial).partition(".")[2])
    return timedelta(days=0.5 * 10.0**-decimals)


def _whole_minute(read: datetime, precision: timedelta) -> datetime:
    """The whole minute that was meant, where the serial is as good for it as for what it reads as: 46354.4583 is 11:00
    and not 10:59:57."""
    nearest = (read + timedelta(seconds=30)).replace(second=0, microsecond=0)
    return nearest if abs(nearest - read) <= precision else read


def _of_text(value: str, counts_from_1904: bool) -> Moment:
    plain = unicodedata.normalize("NFKC", value).strip()
    if _SERIAL.fullmatch(plain):
        return _of_serial(float(plain), counts_from_1904)
    if compact := _COMPACT.fullmatch(plain):
        moment = Moment(int(compact["year"]), int(compact["month"]), int(compact["day"]), None, "compact")
        moment.on()
        return moment
    found = _MOMENT.fullmatch(plain)
    if not found or (found["year"] is None and _WORDS["month"] not in plain):
        raise NotAMoment("date_not_understood")
    moment = Moment(
        int(found["year"]) if found["year"] else None,
        int(found["month"]),
        int(found["day"]),
        _clock(found),
        found["mark"] or "no year",
        found["zone"],
    )
    # 29 February is possible in some year: a year that is not known yet must not refuse it.
    moment.on(moment.year or 2000)
    return moment


def _clock(found: re.Match[str]) -> time | None:
    if found["hour"] is None:
        return None
    hour = int(found["hour"])
    minute = 30 if found["half"] else int(found["minute"] or 0)
    part = (found["part"] or found["after"] or "").lower()
    if part in _NIGHT and hour == 12:
        raise NotAMoment("date_not_understood")  # midnight, but of which of two days?
    if part in _AFTERNOON | _NIGHT and hour < 12:
        hour += 12
    elif part in _MORNING and hour == 12:
        hour = 0
    elif part in _NOON and hour < 11:
        hour += 12
    try:
        return time(hour, minute, int(found["second"] or 0))
    except ValueError:
        raise NotAMoment("date_impossible") from None
