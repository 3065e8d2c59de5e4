"""What people write in a run. No text has a line twice: then there is one way to merge two changes."""

from __future__ import annotations

import hashlib
import json
import random
from typing import Any, Final

from tests.reference_client import Json, uuid7

TEXTS: Final = ("fault", "requests", "diagnosis", "work_done", "contact.phone", "contact.name")
WORDS: Final = ("leaks", "worn", "loud", "cold", "wet", "bent", "rusty", "stuck")
STAGES: Final = ("accepted", "en_route", "on_site", "working", "paused", "finished", "unable")
PURPOSES: Final = ("before", "during", "after")
PLACE: Final = {
    "latitude": 31.2, "longitude": 121.4, "accuracy_m": 8.0, "fixed_at": "2026-11-24T09:00:00+08:00", "age_s": 1.0,
}  # fmt: skip


def at_name(body: Json, name: str) -> Any:  # Any: JSON
    """What stands in a shared description."""
    room, _, rest = name.partition(".")
    return body[room][rest] if rest else body[room]


def another_text(rng: random.Random, text: str) -> str:
    """The text with a line changed, added, taken away; or another one, or none."""
    lines = [line for line in (text or "").split("\n") if line]
    new = f"{rng.choice(WORDS)} {rng.randrange(10**6)}"
    what = rng.randrange(6)
    if what == 0 or not lines:
        return new
    if what == 1:
        return rng.choice(("", new))
    place = rng.randrange(len(lines))
    if what == 2:
        del lines[place]
    elif what == 3:
        lines[place] = new
    else:
        lines.insert(rng.choice((0, place, len(lines))), new)
    return "\n".join(lines)


def material(rng: random.Random) -> Json:
    """The data of material.add."""
    return {
        "line": uuid7(), "part": None, "name": rng.choice(WORDS), "unit": "set", "quantity": str(rng.randint(1, 9)),
        "unit_price": rng.randrange(5000), "source": rng.choice(("van", "customer")),
    }  # fmt: skip


def labour(rng: random.Random) -> Json:
    """The data of labour.add."""
    quantity = f"{rng.randint(1, 9)}.{rng.randint(1, 9)}"
    return {"line": uuid7(), "name": rng.choice(WORDS), "unit": "hour", "quantity": quantity, "unit_price": 333}


def photo(rng: random.Random) -> Json:
    """The data of photo.add, of a photo whose content does not come."""
    identity = uuid7()
    return {
        "photo": identity, "sha256": hashlib.sha256(identity.encode()).hexdigest(), "size": rng.randrange(10**6),
        "media_type": "image/jpeg", "purpose": "after", "taken_at": "2026-11-24T09:00:00+08:00",
    }  # fmt: skip


def signature(rng: random.Random, body: Json) -> Json:
    """The data of signature.record over the report of an order as it is on the screen."""
    report = {name: body[name] for name in ("number", "fault", "diagnosis", "work_done", "materials", "labour")}
    report |= {"language": "en", "customer": None, "site": None, "arrived_at": None, "technician": "x"}
    charge = {name: body["charge"][name] for name in ("covered", "why", "materials", "labour", "total", "currency")}
    text = json.dumps(report | {"charge": charge}, ensure_ascii=False)
    return {
        "signature": uuid7(), "report": text, "sha256": hashlib.sha256(text.encode()).hexdigest(),
        "signer": {"name": "Wu", "role": "customer"}, "box": {"width": 300, "height": 100},
        "strokes": [[[rng.randrange(300), rng.randrange(100), each * 10] for each in range(5)]],
        "rating": {"score": rng.randint(1, 5)}, "consent": "I have read this.",
    }  # fmt: skip
