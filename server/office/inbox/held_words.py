"""Held operations in words: what somebody wanted to record, and why it waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from server.language import has_text
from server.office.queries.journal_queries import HeldState, JournalEntry
from server.office.queries.people_queries import PersonRow
from server.office.shell.reader import Reader
from server.office.shell.reasons import sentence
from server.office.shell.wording import answer_word, field_name, field_value
from server.sync.ledgers.kinds import OF_NO_DOCUMENT

People = Mapping[str, PersonRow]
Data = dict[str, Any]  # Any: an operation's data, JSON that nobody has checked
LONGEST: Final = 160


def why(held: HeldState, reader: Reader) -> str:
    """Why a line waits: the reason, and what exactly is wrong where that is known."""
    return because(held.reason, held.detail, reader)


def because(reason: str, detail: Mapping[str, Any], reader: Reader) -> str:  # Any: JSON
    """A reason of the protocol with its figures in words."""
    said = [sentence({"code": reason}, reader, "held")]
    problem = detail.get("problem") or detail.get("why")
    if isinstance(problem, str):
        message = f"office-held-problem-{problem.replace('_', '-')}"
        said.append(reader.say(message) if has_text(message) else reader.say("office-code-unknown", code=problem))
    elif isinstance(problem, list):  # of a signed report that cannot be taken, or of a field that has not its shape
        said += [sentence({"code": code}, reader) for code in problem if has_text(f"reason-{code}".replace("_", "-"))]
    names = list(
        detail.get("fields") or ([] if isinstance(problem, str) else [detail["field"]] if "field" in detail else [])
    )
    if names:
        words = reader.say("office-list-sign").join(field_name(str(name), reader) for name in names)
        said.append(reader.say("office-held-fields", fields=words))
    return reader.say("office-sentence-gap").join(said)


def what_can_be_done(entry: JournalEntry, reader: Reader) -> str:
    """What becomes of a line that nobody can let in."""
    if entry.held is not None and entry.held.reason == "unknown_kind":
        return reader.say("office-held-after-update")
    if entry.line and (entry.target is None or entry.kind in OF_NO_DOCUMENT):
        return reader.say("office-held-of-no-order")
    return reader.say("office-held-only-dismiss")


def summary(entry: JournalEntry, people: People, reader: Reader) -> str:
    """What the operation says, in a few words; empty where its kind says it all or its data cannot be read."""
    teller = _TELLERS.get(entry.kind or "")
    try:
        told = teller(entry.data, people, reader) if teller else ""
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError):
        return ""
    return told if len(told) <= LONGEST else f"{told[:LONGEST]}…"


def _text(name: str) -> Callable[[Data, People, Reader], str]:
    return lambda data, people, reader: str(data.get(name) or "")


def _word(name: str, room: str) -> Callable[[Data, People, Reader], str]:
    def teller(data: Data, people: People, reader: Reader) -> str:
        message = f"{room}-{data[name]}".replace("_", "-")
        return reader.say(message) if has_text(message) else str(data[name])

    return teller


def _changes(data: Data, people: People, reader: Reader) -> str:
    changes = data["changes"]
    return reader.say("office-clause-sign").join(
        reader.say(
            "office-story-change",
            field=field_name(name, reader),
            value=field_value(name, change.get("now"), reader, people),
        )
        for name, change in changes.items()
    )


def _line(data: Data, people: People, reader: Reader) -> str:
    return reader.say(
        "office-line",
        name=str(data["name"]),
        quantity=reader.quantity(str(data["quantity"])),
        unit=str(data.get("unit", "")),
    )


def _answer(data: Data, people: People, reader: Reader) -> str:
    return answer_word(data.get("now"), reader)


def _signer(data: Data, people: People, reader: Reader) -> str:
    return str(data["signer"]["name"])


_TELLERS: Final[Mapping[str, Callable[[Data, People, Reader], str]]] = {
    "order.open": _text("fault"),
    "order.plan": _changes,
    "order.edit": _changes,
    "order.stage": _word("to", "stage"),
    "order.review": _word("verdict", "review"),
    "checklist.answer": _answer,
    "material.add": _line,
    "material.change": _changes,
    "labour.add": _line,
    "labour.change": _changes,
    "photo.add": _word("purpose", "purpose"),
    "photo.edit": _changes,
    "signature.record": _signer,
    "signature.refuse": _word("reason", "refusal"),
    "note.add": _text("text"),
}
