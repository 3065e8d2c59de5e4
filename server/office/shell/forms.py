"""Forms that carry what the person saw: every field has a hidden `was.<field>` with the JSON of the value shown.

Two people who change the same field get a conflict instead of one overwriting the other, because `was` comes
from the form and not from the database at the time of saving.
"""

from __future__ import annotations

import json
import unicodedata
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

Changes = dict[str, dict[str, Any]]  # Any: JSON values of a document's fields
Form = MultiDict[str, str]

EDITED: Final = ("fault", "requests", "contact.name", "contact.phone", "cause", "diagnosis", "work_done")


class BadForm(ValueError):
    """A form that cannot be read; `message` is the catalogue's sentence about it, with its figures."""

    def __init__(self, message: str, **figures: str) -> None:
        super().__init__(message)
        self.message = message
        self.figures = figures


class BadFigure(BadForm):
    """A figure that is not taken: `field` is its name in the form, `why` the sentence that stands beside it."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__("office-problem-figure", why=why)
        self.field = field
        self.why = why


def shown(value: Any) -> str:  # Any: JSON
    """A field's value as a hidden `was.<field>` holds it."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def edits(form: Form) -> Changes:
    """The changed fields of the form over the shared descriptions. Raises BadForm."""
    found: Changes = {}
    for name in EDITED:
        if name in form:
            _note(found, name, _was(form, name), _text(form, name))
    return found


def plan(form: Form, zone: ZoneInfo) -> Changes:
    """The changed fields of the planning form: assignees, lead, window, priority, instructions. Raises BadForm."""
    found: Changes = {}
    assignees = form.getlist("assignees")
    _note(found, "assignees", _was(form, "assignees") or [], assignees)
    lead = form.get("lead") or None
    if lead not in assignees:
        lead = assignees[0] if assignees else None
    _note(found, "lead", _was(form, "lead"), lead)
    _note(found, "window", _was(form, "window"), window(form, zone))
    _note(found, "priority", _was(form, "priority"), form.get("priority"))
    _note(found, "instructions", _was(form, "instructions"), _text(form, "instructions"))
    return found


def disposition(form: Form) -> Changes:
    """The change of whether the job is still wanted. Raises BadForm where it is not confirmed."""
    found: Changes = {}
    _note(found, "disposition", _was(form, "disposition"), form.get("disposition"))
    if found and form.get("confirmed") != "yes":
        raise BadForm("office-problem-unconfirmed")
    return found


def window(form: Form, zone: ZoneInfo) -> dict[str, str] | None:
    """The window from the fields `window_day`, `window_start`, `window_end`; an end before the start is next day's
    where `window_overnight` says that this is meant.

    Raises BadForm where only a part of it is filled in, and where it would go over night and nobody said so.
    """
    # Where a browser has no input of its own for days and times they are typed.
    typed = (form.get(name, "") for name in ("window_day", "window_start", "window_end"))
    day, start, end = (unicodedata.normalize("NFKC", text).strip() for text in typed)
    if not day and not start and not end:
        return None
    try:
        first = datetime.combine(date.fromisoformat(day), time.fromisoformat(start), zone)
        last = datetime.combine(date.fromisoformat(day), time.fromisoformat(end), zone)
        if last <= first:
            last = datetime.combine(last.date() + timedelta(days=1), last.timetz())
    except (ValueError, OverflowError) as error:
        raise BadForm("office-problem-window") from error
    now = {"start": first.isoformat(), "end": last.isoformat()}
    was = _was(form, "window")
    if has_same_minutes(was, now):
        return dict(was)
    if last.date() != first.date() and form.get("window_overnight") != "yes":
        raise BadForm("office-problem-window-overnight")
    return now


def has_same_minutes(was: Any, now: dict[str, str]) -> bool:  # Any: JSON
    """Whether a window as it was written before shows the minutes of one from a form: then nothing is changed by its
    seconds, or by another offset."""
    try:
        before, after = ([datetime.fromisoformat(of[name]) for name in ("start", "end")] for of in (was, now))
        shown = [
            at.astimezone(to.tzinfo).replace(second=0, microsecond=0) for at, to in zip(before, after, strict=True)
        ]
    except (KeyError, TypeError, ValueError, OverflowError):
        return False
    return shown == after


def seen(form: Form) -> int | None:
    """The version of the document that the form was made from."""
    version = form.get("seen", "")
    known = version.isdecimal() and len(version) <= 10 and 0 < int(version) < 2**31
    return int(version) if known else None


def _was(form: Form, name: str) -> Any:  # Any: JSON
    try:
        return json.loads(form.get(f"was.{name}") or "null")
    except (ValueError, RecursionError) as error:
        raise BadForm("office-problem-form") from error


def _text(form: Form, name: str) -> str:
    """A typed text as people mean it: browsers send CRLF, and blanks around it are nobody's intention."""
    return form.get(name, "").replace("\r\n", "\n").strip()


def _note(found: Changes, name: str, was: Any, now: Any) -> None:  # Any: JSON
    if (was or None) != (now or None):
        found[name] = {"was": was, "now": now}
