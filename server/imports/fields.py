"""Reading the cells of one row as what they stand for; what is wrong with them becomes a finding."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from server.imports.findings import Figure, Finding, Level
from server.imports.measures import Axis, NotAMeasure, OtherAxis, read_degrees, read_metres, read_number
from server.imports.moments import Moment, NotAMoment, read_moment
from server.imports.reading import CellValue, Sheet, SheetRow
from server.imports.vocabulary import plain_word, vocabulary
from server.rules.telephones import plain, telephones_in, without

CELL_ERRORS: Final = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NUM!", "#NULL!"})
TEXT_LIMIT: Final = 4000
NUMBER_LIMIT: Final = 32

_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200b\u200e\u200f\ufeff]|_x000D_")
# Mobile, landline with or without area code and extension, 400/800 and service numbers, international.
_PHONE: Final = re.compile(
    rf"(?:\+?86)?1[3-9]\d{{9}}|(?:0\d{{2,3}})?[2-9]\d{{6,7}}(?:(?:{'|'.join(vocabulary()['extension'])})\d{{1,6}})?"
    r"|[48]00\d{7}|[19]\d{4}|\+(?!86)\d{7,15}"
)
_EXTENSION: Final = re.compile(rf"(?:{'|'.join(vocabulary()['extension'])})\d{{1,6}}")
_BETWEEN: Final = re.compile(r"[\u3001,;/|\n]+")


class RowReader:
    """Reads one row and collects findings about it. `refused` says whether the row is to be left out."""

    def __init__(self, sheet: Sheet, row: SheetRow, timezone: ZoneInfo) -> None:
        self.row = row.number
        self.timezone = timezone
        self.findings: list[Finding] = []
        self.refused = False
        self.forms: dict[str, tuple[Moment, str]] = {}
        self._sheet = sheet
        self._cells = row.cells

    def refuse(self, column: str, code: str, **figures: Figure) -> None:
        """The row is not taken in, because of `column` (a name; empty for the row as a whole)."""
        self.refused = True
        self._say(column, "refused", code, figures)

    def notice(self, column: str, code: str, **figures: Figure) -> None:
        """The row is taken in, and somebody should know this."""
        self._say(column, "notice", code, figures)

    def _say(self, column: str, level: Level, code: str, figures: Mapping[str, Figure]) -> None:
        heading = self._sheet.headings.get(column, "")
        self.findings.append(Finding(self._sheet.file, self._sheet.name, self.row, heading, level, code, figures))

    def _raw(self, column: str) -> CellValue:
        """The cell, or None where it is empty or holds a spreadsheet's error, which is noticed."""
        value = self._cells.get(column)
        if isinstance(value, str) and value.strip() in CELL_ERRORS:
            self.notice(column, "cell_error", value=value.strip())
            return None
        return value

    def shown(self, column: str) -> str:
        """The cell as a person would read it in the spreadsheet, for the figures of a finding."""
        value = self._cells.get(column)
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        return "" if value is None else str(value).strip()

    def text(self, column: str, *, required: bool = False, limit: int = TEXT_LIMIT) -> str | None:
        """The text without outer blanks; inner line breaks stay. None where there is none."""
        value = self._raw(column)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        written = "" if value is None else str(value)
        tidy = _CONTROL.sub("", written.replace("\r\n", "\n").replace("\r", "\n"))
        cleaned = tidy.strip()
        if isinstance(value, str) and cleaned and (cleaned != written or "\n" in cleaned):
            self.notice(column, "text_cleaned", breaks=cleaned.count("\n"))
        if not cleaned:
            if required:
                self.refuse(column, "value_missing")
            return None
        if len(cleaned) > limit:
            self.refuse(column, "text_too_long", length=str(len(cleaned)), limit=str(limit))
            return None
        return cleaned

    def number(self, column: str, *, required: bool = True, limit: int = NUMBER_LIMIT) -> str | None:
        """An identifying number such as KH0001, with letters and digits in their usual width."""
        read = self.text(column, required=required, limit=limit)
        return unicodedata.normalize("NFKC", read) if read else None

    def decimal(self, column: str) -> Decimal | None:
        """A decimal number, thousands' separators and a currency sign allowed.

        None where the cell is empty, or (noticed as `not_a_number`) holds something else.
        """
        return self._measure(column, _of_money)

    def degrees(self, column: Axis) -> Decimal | None:
        """A latitude or longitude, as the column is called; None as for `decimal`, and with `coordinates_swapped` where
        the cell names the other axis."""
        return self._measure(column, lambda written: read_degrees(written, column))

    def metres(self, column: str) -> Decimal | None:
        """A length, with its unit or without; None as for `decimal`."""
        return self._measure(column, read_metres)

    def _measure(self, column: str, read: Callable[[str], Decimal]) -> Decimal | None:
        value = self._raw(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            if isinstance(value, bool):
                raise NotAMeasure
            return read(str(value))
        except OtherAxis:
            shown = {name: self.shown(name) for name in ("latitude", "longitude")}
            self.notice(column, "coordinates_swapped", **shown)
        except NotAMeasure:
            self.notice(column, "not_a_number", value=self.shown(column))
        return None

    def amount(self, column: str) -> Decimal | None:
        """A decimal that the row cannot do without, and that is not below zero; refused otherwise."""
        before = len(self.findings)
        read = self.decimal(column)
        if read is None:
            del self.findings[before:]
            shown = self.shown(column)
            if shown:
                self.refuse(column, "not_a_number", value=shown)
            else:
                self.refuse(column, "value_missing")
        elif read < 0:
            self.refuse(column, "number_negative", value=self.shown(column))
            return None
        return read

    def day(self, column: str) -> date | None:
        """A date; None where the cell is empty or, with a notice, cannot be read."""
        moment = self.moment(column, level="notice")
        if moment is None:
            return None
        if moment.year is None:
            self.notice(column, "year_missing", value=self.shown(column))
            return None
        self.forms[column] = (moment, moment.on().isoformat())
        return moment.on()

    def moment(self, column: str, *, level: Level = "refused") -> Moment | None:
        """What the cell says of a date and a time; None where it is empty or, with a finding, unclear."""
        value = self._raw(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        try:
            return read_moment(value, self._sheet.counts_from_1904)
        except NotAMoment as problem:
            say = self.refuse if level == "refused" else self.notice
            say(column, problem.code, value=self.shown(column))
            return None

    def read_as(self, column: str, moment: Moment, at: datetime) -> None:
        """Remember how a time was understood, for the notice about unusual forms."""
        self.forms[column] = (moment, at.strftime("%Y-%m-%d %H:%M"))

    def phone(self, column: str) -> str | None:
        """A telephone number as it was written, or several; what looks like none is kept with a notice.

        A spreadsheet's own signs are none of it: the apostrophe that makes a text of a number, the power of ten.
        """
        read = self.text(column, limit=64)
        if read is None:
            return None
        read = plain(read).lstrip("'`\u2018\u2019").strip()
        if not _is_telephone(read):
            self.notice(column, "phone_doubtful", value=read)
        return read or None

    def word(self, column: str, words: Mapping[str, str]) -> str | None:
        """The key of a known word; an unknown one is returned as it is written. None where there is none."""
        read = self.text(column, limit=64)
        return None if read is None else words.get(plain_word(read), read)


def _of_money(written: str) -> Decimal:
    figure = unicodedata.normalize("NFKC", written).strip().removeprefix("¥")
    for unit in vocabulary()["money"]:
        figure = figure.removesuffix(unit)
    return read_number(figure)


def _is_telephone(read: str) -> bool:
    """Whether there is a number, and nothing beside it that is neither another nor an extension."""
    found = telephones_in(read)
    rest = [part for piece in _BETWEEN.split(without(read, found)) if (part := _telephone_signs(piece))]
    kinds = [_PHONE, _EXTENSION] if found else [_PHONE]
    return bool(found or rest) and all(any(kind.fullmatch(part) for kind in kinds) for part in rest)


def _telephone_signs(phone: str) -> str:
    """A telephone number without what people put between its digits."""
    return re.sub(r"[\s\-–—().]", "", phone).lower()


def unusual_forms(sheet: Sheet, readers: list[RowReader]) -> list[Finding]:
    """A notice for each date written in another form than most of its column: a lone form may be a slip."""
    said: list[Finding] = []
    for column, heading in sheet.headings.items():
        written = [(reader, *reader.forms[column]) for reader in readers if column in reader.forms]
        forms = Counter(moment.form for _, moment, _ in written)
        if len(forms) < 2:
            continue
        usual = forms.most_common(1)[0][0]
        for reader, moment, read in written:
            if moment.form != usual and moment.year is not None and not reader.refused:
                figures = {"value": reader.shown(column), "read": read}
                said.append(
                    Finding(sheet.file, sheet.name, reader.row, heading, "notice", "unusual_date_form", figures)
                )
    return said
