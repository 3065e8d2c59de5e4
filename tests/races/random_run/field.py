"""What technicians do on their phones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from tests.races.random_run import words
from tests.races.random_run.wire import OnTheWire
from tests.reference_client import Json, uuid7

WHAT: Final = (
    "note", "note", "material", "labour", "arrive", "depart", "photo", "photo", "describe", "describe",
    "hide", "sign", "refuse", "go_on", "go_on",
    "edit", "edit", "edit", "answer", "answer", "change", "change", "remove", "settle", "open", "stray", "strange",
    "again",
)  # fmt: skip
MOST_ORDERS: Final = 40
ROOMS: Final = {"materials": "material", "labour": "labour"}


@dataclass(frozen=True)
class Fact:
    """Something recorded that must be in exactly one document exactly once, or wait where somebody sees it."""

    part: str
    identity: str
    order: str
    operation: str


class Phone(OnTheWire):
    """A technician's phone; `heard` are ids of orders that colleagues talk about, shared by all."""

    heard: list[str]

    def __init__(self, *rest: Any) -> None:
        super().__init__(*rest)
        self.typed: dict[tuple[str, str], Any] = {}  # Any: JSON, what was typed and is not in the document yet
        self.facts: list[Fact] = []

    def do_something(self) -> None:
        """A few operations on an order that the phone shows."""
        for _ in range(self.rng.randint(1, 4)):
            shown = sorted(self.held_documents("work_order").items())
            what = self.rng.choice(WHAT)
            if shown:
                order, document = self.rng.choice(shown)
                getattr(self, f"_{what}")(order, document)
            elif what in ("open", "stray"):
                getattr(self, f"_{what}")("", {})
        if self.acknowledged >= len(self.ledger.lines):
            self.typed = {}

    def _write(self, kind: str, order: str, document: Json, data: Json) -> str:
        operation = self.write(kind, order, data, document.get("version"))
        self.story.tell(self.name, kind, f"{order} {operation}")
        return operation

    def _fact(self, kind: str, part: str, order: str, document: Json, data: Json, identity: str) -> None:
        self.facts.append(Fact(part, identity, order, self._write(kind, order, document, data)))

    def _note(self, order: str, document: Json) -> None:
        note = uuid7()
        self._fact("note.add", "notes", order, document, {"note": note, "text": self.rng.choice(words.WORDS)}, note)

    def _material(self, order: str, document: Json) -> None:
        data = words.material(self.rng)
        self._fact("material.add", "materials", order, document, data, data["line"])

    def _labour(self, order: str, document: Json) -> None:
        data = words.labour(self.rng)
        self._fact("labour.add", "labour", order, document, data, data["line"])

    def _arrive(self, order: str, document: Json) -> None:
        self._presence("arrival", order, document)

    def _depart(self, order: str, document: Json) -> None:
        self._presence("departure", order, document)

    def _presence(self, what: str, order: str, document: Json) -> None:
        identity, place = uuid7(), self.rng.choice((None, words.PLACE))
        data = {what: identity, "position": place, "why_none": None if place else "timeout"}
        self._fact(f"{what}.record", f"{what}s", order, document, data, identity)

    def _photo(self, order: str, document: Json) -> None:
        data = words.photo(self.rng)
        self._fact("photo.add", "photos", order, document, data, data["photo"])

    def _describe(self, order: str, document: Json) -> None:
        """What a photo shows is said anew."""
        for photo in document["body"]["photos"][: self.rng.randint(1, 2)]:
            changes = {}
            for name in self.rng.sample(("caption", "purpose"), self.rng.randint(1, 2)):
                key = order, f"photos.{photo['id']}.{name}"
                was = self.typed.get(key, photo[name])
                now = words.another_text(self.rng, was) if name == "caption" else self.rng.choice(words.PURPOSES)
                changes[name] = {"was": was, "now": now}
                self.typed[key] = now
            self._write("photo.edit", order, document, {"photo": photo["id"], "changes": changes})

    def _hide(self, order: str, document: Json) -> None:
        if document["body"]["photos"]:
            chosen = self.rng.choice(document["body"]["photos"])["id"]
            self._write("photo.remove", order, document, {"photo": chosen})

    def _sign(self, order: str, document: Json) -> None:
        if self.rng.random() < 0.3:
            data = words.signature(self.rng, document["body"])
            self._fact("signature.record", "signatures", order, document, data, data["signature"])

    def _refuse(self, order: str, document: Json) -> None:
        reason = self.rng.choice(("absent", "refused"))
        operation = self._write("signature.refuse", order, document, {"reason": reason})
        self.facts.append(Fact("refusals", operation, order, operation))

    def _go_on(self, order: str, document: Json) -> None:
        to = self.rng.choice(words.STAGES)
        self._write("order.stage", order, document, {"to": to, "reason": self.rng.choice((None, "parts"))})

    def _edit(self, order: str, document: Json) -> None:
        changes = {}
        for name in self.rng.sample(words.TEXTS, self.rng.randint(1, 2)):
            was = self.typed.get((order, name), words.at_name(document["body"], name))
            changes[name] = {"was": was, "now": words.another_text(self.rng, was)}
            self.typed[order, name] = changes[name]["now"]
        self._write("order.edit", order, document, {"changes": changes})

    def _answer(self, order: str, document: Json) -> None:
        item, now = self.rng.choice(("a", "b.1")), self.rng.choice((True, False, "3", None))
        given = document["body"]["checklist"]["answers"].get(item)
        was = self.typed.get((order, f"checklist.{item}"), given and given["value"])
        self._write("checklist.answer", order, document, {"item": item, "was": was, "now": now})
        self.typed[order, f"checklist.{item}"] = now

    def _change(self, order: str, document: Json) -> None:
        room = self.rng.choice(tuple(ROOMS))
        for line in document["body"][room][: self.rng.randint(0, 2)]:
            key = order, f"{room}.{line['line']}.quantity"
            now = str(self.rng.randint(1, 9))
            changes = {"quantity": {"was": self.typed.get(key, line["quantity"]), "now": now}}
            self._write(f"{ROOMS[room]}.change", order, document, {"line": line["line"], "changes": changes})
            self.typed[key] = now

    def _remove(self, order: str, document: Json) -> None:
        room = self.rng.choice(tuple(ROOMS))
        for line in document["body"][room][:1]:
            self._write(f"{ROOMS[room]}.remove", order, document, {"line": line["line"]})

    def _settle(self, order: str, document: Json) -> None:
        asked = [each for each in document["body"]["conflicts"] if each["settled"] is None]
        if asked:
            conflict = self.rng.choice(asked)
            value = conflict[self.rng.choice(("kept", "other"))]["value"]
            self._write("conflict.settle", order, document, {"conflict": conflict["id"], "value": value})

    def _open(self, order: str, document: Json) -> None:
        """Found on the spot; a colleague may hear of it before the server does."""
        if len(self.heard) >= MOST_ORDERS:
            return
        found = uuid7()
        self.heard.append(found)
        self._write("order.open", found, {}, {"kind": "repair", "fault": "found on the spot"})
        self._note(found, {})

    def _stray(self, order: str, document: Json) -> None:
        """On an order that may be nobody's yet, or somebody else's."""
        if self.heard:
            self._note(self.rng.choice(self.heard[-6:]), {})

    def _strange(self, order: str, document: Json) -> None:
        """What no server can apply."""
        if self.rng.random() < 0.5:
            self._write("stock.count", order, document, {"part": "x", "quantity": "1"})
        else:
            self._write("material.remove", order, document, {"line": uuid7()})

    def _again(self, order: str, document: Json) -> None:
        """The same fact under another operation: there once, whatever happens."""
        if document["body"]["notes"]:
            note = self.rng.choice(document["body"]["notes"])
            self._write("note.add", order, document, {"note": note["id"], "text": note["text"]})
