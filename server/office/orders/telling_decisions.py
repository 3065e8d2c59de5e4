"""Decisions in the story of an order, in words: what was settled, ruled on, applied or dismissed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from server.language import has_text
from server.office.inbox.cases import conflict_name, value_in_words
from server.office.inbox.held_words import because
from server.office.orders.story import Event
from server.office.orders.told import Told
from server.office.queries.journal_queries import HeldState
from server.office.queries.queries import OrderRow
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentence
from server.office.shell.wording import People, name_of

Data = dict[str, Any]  # Any: an operation's data, JSON
Teller = Callable[[Told, Event, OrderRow, People, Reader], None]


def _conflict_settled(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title, told.rest = reader.say("office-story-settled"), name_of(event.person_id, people, reader)
    data = event.entries[0].data
    conflict = next((one for one in order.body["conflicts"] if one["id"] == data.get("conflict")), None)
    if conflict is not None:
        field = conflict["field"]
        told.lines.append(
            reader.say(
                "office-story-change",
                field=conflict_name(field, order.body, {}, reader),
                value=value_in_words(field, data.get("value"), people, reader),
            )
        )


def _flag_settled(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = event.entries[0].data
    decision = f"office-story-flag-{data.get('decision')}"
    told.title = reader.say(decision if has_text(decision) else "office-story-flag-confirmed")
    told.rest = name_of(event.person_id, people, reader)
    told.lines.append(sentence({"code": str(data.get("code"))} | _figures(data, order), reader, "flag"))
    _comment(told, data)


def _figures(data: Data, order: OrderRow) -> Data:
    """The figures of the flag that was settled, where the document still has it."""
    flags = order.body["flags"]
    return next((one for one in flags if one["code"] == data.get("code") and one.get("by") == data.get("by")), {})


def _ruled(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    data = event.entries[0].data
    ruling = f"office-story-ruling-{data.get('decision')}"
    told.title = reader.say(ruling if has_text(ruling) else "office-kind-arrival-rule")
    told.rest = name_of(event.person_id, people, reader)
    _comment(told, data)


def _photo_lost(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title = reader.say("office-story-photo-lost", count=len(event.entries))
    told.rest = name_of(event.person_id, people, reader)
    _comment(told, event.entries[0].data)


def _held_decided(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    """Decisions that were made together are told together."""
    dismissed = sum(1 for entry in event.entries if entry.data.get("decision") == "dismiss")
    still = [entry.detail["still_held"] for entry in event.entries if "still_held" in entry.detail]
    applied = len(event.entries) - dismissed - len(still)
    told.title = reader.say("office-story-held-decided")
    told.rest = name_of(event.person_id, people, reader)
    for message, count in (("office-said-applied-held", applied), ("office-said-dismissed-held", dismissed)):
        if count:
            told.lines.append(reader.say(message, count=count))
    for reason in dict.fromkeys(because(one["reason"], one, reader) for one in still):
        told.lines.append(reader.say("office-said-still-held", count=len(still), why=reason))
    _comment(told, event.entries[0].data)


def _recalled(told: Told, event: Event, order: OrderRow, people: People, reader: Reader) -> None:
    told.title, told.rest = reader.say("office-kind-order-recall"), name_of(event.person_id, people, reader)


def _comment(told: Told, data: Data) -> None:
    if data.get("comment"):
        told.lines.append(str(data["comment"]))


def after_all(held: HeldState, people: People, reader: Reader) -> str:
    """What became of a line that had been held, with who decided it and when."""
    who = name_of(held.by, people, reader) if held.by else reader.say("office-by-itself")
    at = reader.clock(held.at)
    decided = reader.say(f"office-story-held-{held.state}", who=who, time=at)
    return decided + reader.say("office-comma") + held.comment if held.comment else decided


DECISIONS: Final[Mapping[str, Teller]] = {
    "conflict.settle": _conflict_settled,
    "flag.settle": _flag_settled,
    "arrival.rule": _ruled,
    "photo.settle": _photo_lost,
    "held.decide": _held_decided,
    "order.recall": _recalled,
}
