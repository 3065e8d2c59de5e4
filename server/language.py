"""Texts that people read, from the Fluent catalogues that the phone's app reads too.

A catalogue is the folder `pwa/static/language/<language>/` with one `.ftl` file a room. Numbers, money and
times are formatted here as well, so that a page, a PDF and an error read alike.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from string import ascii_letters
from typing import Final, Literal
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date as babel_date
from babel.dates import format_skeleton as babel_skeleton
from babel.dates import format_time as babel_time
from babel.dates import get_datetime_format
from babel.numbers import format_currency, format_decimal, get_currency_precision, get_currency_symbol
from fluent.runtime import FluentBundle, FluentResource

CATALOGUES: Final = Path(__file__).resolve().parent.parent / "pwa" / "static" / "language"
FALLBACK: Final = ("zh-CN", "en")

log = logging.getLogger(__name__)


@dataclass
class Strictness:
    """What happens when a catalogue lacks a text: `raises` in tests, a log entry otherwise."""

    raises: bool = False


strictness = Strictness()


@cache
def languages() -> tuple[str, ...]:
    """The languages that have a catalogue, the fallbacks first."""
    found = {folder.name for folder in CATALOGUES.iterdir() if any(folder.glob("*.ftl"))}
    first = [language for language in FALLBACK if language in found]
    return (*first, *sorted(found.difference(first)))


def negotiate(accept_language: str | None, default: str = "zh-CN") -> str:
    """The catalogue that suits an Accept-Language header best: "zh-TW" reads zh-CN, "en-GB" en."""
    # Only the edge has such a header; the papers are made where Flask and Werkzeug are not known.
    from werkzeug.datastructures import LanguageAccept
    from werkzeug.http import parse_accept_header

    accepted = parse_accept_header(accept_language, LanguageAccept)
    return accepted.best_match(languages(), default) or default


@cache
def _bundle(language: str) -> FluentBundle:
    bundle = FluentBundle([language], use_isolating=False)
    for file in sorted((CATALOGUES / language).glob("*.ftl")):
        bundle.add_resource(FluentResource(file.read_text(encoding="utf-8")))
    return bundle


def has_text(message_id: str, language: str = "en") -> bool:
    """Whether the catalogue of `language` itself has the text."""
    return language in languages() and _bundle(language).has_message(message_id)


def text(language: str, message_id: str, /, **figures: object) -> str:
    """The text `message_id` ("id" or "id.attribute") in `language`, with its figures filled in.

    Falls back to zh-CN, then to English, then to the id. A missing text or figure is logged, and raises
    KeyError or ValueError where `strictness.raises`.
    """
    name, _, attribute = message_id.partition(".")
    for candidate in dict.fromkeys((language, *FALLBACK)):
        if not has_text(name, candidate):
            continue
        if candidate != language:
            _complain(KeyError(f"{language} has no text {message_id}"))
        bundle = _bundle(candidate)
        message = bundle.get_message(name)
        pattern = message.attributes.get(attribute) if attribute else message.value
        if pattern is None:
            continue
        shown, errors = bundle.format_pattern(pattern, {key: _plain(value) for key, value in figures.items()})
        for error in errors:
            _complain(ValueError(f"{language} {message_id}: {error}"))
        return str(shown)
    _complain(KeyError(f"no catalogue has the text {message_id}"))
    return message_id


def _complain(error: Exception) -> None:
    if strictness.raises:
        raise error
    log.warning("%s", error)


def _plain(value: object) -> str | int | float | Decimal | date:
    """A figure as Fluent takes it; a list is joined, nothing is an empty text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | float | Decimal | date):
        return value
    if isinstance(value, Iterable):
        return ", ".join(str(part) for part in value)
    return str(value)


def _locale(language: str) -> Locale:
    return Locale.parse(language, sep="-")


Length = Literal["short", "medium", "long", "full"]


def _local(moment: datetime | str, timezone: str) -> datetime:
    aware = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if aware.tzinfo is None:
        raise ValueError("a time without a zone cannot be shown")
    return aware.astimezone(ZoneInfo(timezone))


def format_time(moment: datetime | str, language: str, timezone: str, length: Length = "medium") -> str:
    """Date and time of an aware moment (or its RFC 3339 text) on the clocks of `timezone`, from 0 to 24 hours."""
    local, locale = _local(moment, timezone), _locale(language)
    clock = babel_time(local, format=_of_24_hours(str(locale.time_formats[length].pattern)), locale=locale)
    day = babel_date(local, format=length, locale=locale)
    return str(locale.datetime_formats[length]).replace("'", "").format(clock, day)


def format_clock(moment: datetime | str, language: str, timezone: str) -> str:
    """Only the time of day, to the minute, from 0 to 24 hours."""
    locale = _locale(language)
    pattern = _of_24_hours(str(locale.time_formats["short"].pattern))
    return babel_time(_local(moment, timezone), format=pattern, locale=locale)


def _of_24_hours(pattern: str) -> str:
    """A pattern of the CLDR for a time of day without its halves: "h:mm a" is HH:mm. The phone writes it so too."""
    return re.sub(r"h+", "HH", re.sub(r"\s*[aAbB]+\s*", "", pattern))


def format_day(day: date | datetime | str, language: str, timezone: str, length: Length = "medium") -> str:
    """Only the date; of a moment, the date that it is in `timezone`."""
    if isinstance(day, str) and len(day) == len("2026-11-24"):
        day = date.fromisoformat(day)
    shown = _local(day, timezone).date() if isinstance(day, str | datetime) else day
    return babel_date(shown, format=length, locale=_locale(language))


def format_month(day: date, language: str) -> str:
    """The month that a day lies in, with its year: "Nov 2026"."""
    return str(babel_skeleton("yMMM", day, locale=_locale(language)))


def format_moment(moment: datetime, language: str, *, year: bool) -> str:
    """The date and time of day that `moment` itself bears: "Nov 24, 09:14", or "Nov 24, 2026, 09:14" with `year`."""
    locale = _locale(language)
    day = babel_skeleton("yMMMd" if year else "MMMd", moment.date(), locale=locale)
    return str(get_datetime_format("medium", locale)).format(f"{moment:%H:%M}", day)


def format_money(minor: int, currency: str, language: str, *, mixed: bool = False) -> str:
    """An amount of whole minor units: 125050 CNY is ¥1,250.50 in every language.

    Where amounts in several currencies stand side by side (`mixed`), the sign says which one: CN¥1,250.50.
    """
    locale = _locale(language)
    shown = format_currency(Decimal(minor).scaleb(-get_currency_precision(currency)), currency, locale=locale)
    sign = str(get_currency_symbol(currency, locale))
    return shown if mixed else shown.replace(sign, sign.lstrip(ascii_letters) or sign, 1)


def format_quantity(quantity: Decimal | str | int, language: str) -> str:
    """A quantity with as many decimals as it was written with: "2.50" stays 2.50."""
    exact = Decimal(quantity)
    exponent = exact.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(exact, format=pattern, locale=_locale(language))
