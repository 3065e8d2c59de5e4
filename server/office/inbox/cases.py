"""Orders that ask for a decision, and what exactly is to be decided on each."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from server.office.queries.photo_queries import Overdue
from server.office.queries.queries import OrderRow
from server.office.shell.answers import asked
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentence, sentences
from server.office.shell.values import Input, Items, input_for
from server.office.shell.wording import People, answer_word, field_name, field_value, name_of
from server.rules.stages import ENDS

Record = dict[str, Any]  # Any: JSON of the document

CHARGED: Final = frozenset({"finished_after_cancel", "recorded_after_cancel"})
OPENED: Final = "opened_in_field"


@dataclass(frozen=True)
class OpenConflict:
    """Two values of one field. `name` is the field in words, `kept` and `other` the values in words; `third` is the
    input for a value that neither side had."""

    record: Record
    name: str
    kept: str
    other: str
    third: Input


@dataclass(frozen=True)
class FlagShown:
    """One flag that nobody has settled: `name` is what a form sends for it, `more` what a person needs to know beside
    the sentence."""

    record: Record
    name: str
    sentence: str
    more: list[str]


@dataclass(frozen=True)
class OpenFlags:
    """Flags that one decision settles: `decisions` are those that suit them, `to_plan` where planning does."""

    flags: list[FlagShown]
    decisions: tuple[str, ...]
    to_plan: bool


@dataclass(frozen=True)
class OpenArrival:
    """An arrival that is contradicted and not ruled on, with its reasons in words."""

    record: Record
    reasons: list[str]


@dataclass(frozen=True)
class OpenPhoto:
    """A photo whose content has not come, in a sentence, and what is known of the phones that recorded it."""

    record: Record
    sentence: str
    phones: str


@dataclass(frozen=True)
class Case:
    """What is to be decided on one order."""

    order: OrderRow
    conflicts: list[OpenConflict]
    arrivals: list[OpenArrival]
    flags: list[OpenFlags]
    photos: list[OpenPhoto]

    @property
    def is_open(self) -> bool:
        """Whether there is anything to decide."""
        return bool(self.conflicts or self.arrivals or self.flags or self.photos)


def case_of(order: OrderRow, lacking: Sequence[Overdue], people: People, items: Items, reader: Reader) -> Case:
    """The open decisions of an order; `lacking` are the photos whose content should have come."""
    body = order.body
    return Case(
        order,
        [_conflict(one, body, people, items, reader) for one in body["conflicts"] if one["settled"] is None],
        [OpenArrival(one, sentences(one["reasons"], reader)) for one in body["arrivals"] if needs_ruling(one)],
        _flags(body, people, reader),
        [_photo(one, people, reader) for one in lacking],
    )


def _photo(late: Overdue, people: People, reader: Reader) -> OpenPhoto:
    record = late.record
    taken = reader.say(
        "office-photo-lacks",
        purpose=reader.say(f"purpose-{record['purpose']}"),
        who=name_of(record["by"], people, reader),
        time=reader.clock(late.since),
    )
    phones = (
        reader.say("office-photo-phone", name=one.name, time=reader.clock(one.last_seen_at))
        if one.last_seen_at
        else reader.say("office-photo-phone-silent", name=one.name)
        for one in late.phones
    )
    return OpenPhoto(record, taken, reader.say("office-list-sign").join(phones))


def needs_ruling(arrival: Record) -> bool:
    """Whether a supervisor has to say if the arrival counts."""
    return arrival["verdict"] == "contradicted" and arrival["ruling"] is None


def _conflict(conflict: Record, body: Record, people: People, items: Items, reader: Reader) -> OpenConflict:
    field, kept, other = conflict["field"], conflict["kept"]["value"], conflict["other"]["value"]
    return OpenConflict(
        conflict,
        conflict_name(field, body, items, reader),
        value_in_words(field, kept, people, reader),
        value_in_words(field, other, people, reader),
        input_for(field, kept, people.values(), items, reader, body),
    )


def conflict_name(field: str, body: Record, items: Items, reader: Reader) -> str:
    """A field in words, with the material, the work, the photo or the check that it belongs to."""
    room, _, rest = field.partition(".")
    if room in ("materials", "labour"):
        line = next((one for one in body[room] if one["line"] == rest.partition(".")[0]), None)
        if line is not None:
            return reader.say("office-field-of", name=line["name"], field=field_name(field, reader))
    if room == "photos":
        return reader.say("office-field-of", name=reader.say("office-kind-photo-add"), field=field_name(field, reader))
    if room == "checklist" and rest in items:
        return asked(items[rest], rest, reader)
    return field_name(field, reader)


def value_in_words(field: str, value: Any, people: People, reader: Reader) -> str:  # Any: JSON
    """A field's value as people read it, an answer by its word."""
    if field.startswith("checklist."):
        return answer_word(value, reader)
    if field == "site.position" and isinstance(value, Mapping):
        datum = value.get("datum") or reader.say("office-datum-unknown")
        degrees = (value.get("latitude"), value.get("longitude"))
        # Degrees with five decimals are a metre.
        written = ", ".join(f"{each:.5f}" if isinstance(each, int | float) else str(each) for each in degrees)
        return f"{written} ({datum})"
    return field_value(field, value, reader, people)


def flag_name(flag: Record) -> str:
    """What names a flag, as JSON: the same as in flag.settle."""
    return json.dumps({"code": flag["code"], "by": flag.get("by"), "line": flag.get("line")}, sort_keys=True)


def _flags(body: Record, people: People, reader: Reader) -> list[OpenFlags]:
    """The open flags; those of one meaning together, whoever raised them."""
    alike: dict[str, list[FlagShown]] = {}
    for flag in body["flags"]:
        if not flag.get("settled"):
            shown = FlagShown(flag, flag_name(flag), sentence(flag, reader, "flag"), _more(flag, body, people, reader))
            alike.setdefault("charged" if flag["code"] in CHARGED else flag["code"], []).append(shown)
    ended = body["stage"] in ENDS or body["disposition"] == "cancelled"
    found = []
    for code, flags in alike.items():
        to_plan = code == OPENED and not ended
        decisions = ("charge", "waive") if code == "charged" else () if to_plan else ("confirmed",)
        found.append(OpenFlags(flags, decisions, to_plan))
    return found


def _more(flag: Record, body: Record, people: People, reader: Reader) -> list[str]:
    if flag["code"] == OPENED and body["wishes"]:
        return [_wish(name, value, people, reader) for name, value in body["wishes"].items()]
    lines = [one for room in ("materials", "labour") for one in body[room] if one["line"] == flag.get("line")]
    return [str(one["name"]) for one in lines]


def _wish(name: str, value: Any, people: People, reader: Reader) -> str:  # Any: JSON
    wished = reader.say(
        "office-story-change", field=field_name(name, reader), value=field_value(name, value, reader, people)
    )
    return reader.say("office-wished", wish=wished)
