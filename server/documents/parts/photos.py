"""Photos: each a record that commits to a content by its hash, wherever and whenever its bytes come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from server.documents.bodies import find
from server.documents.operation import Body, Held, Operation, Result
from server.documents.parts.edits import Check, a_text, a_word, merge_changes
from server.documents.parts.shapes import PURPOSES

PHOTOS: Final = "photos"
PHOTO: Final[Mapping[str, Check]] = {"caption": a_text, "purpose": a_word(PURPOSES)}


def add_photo(body: Body, op: Operation) -> Result:
    """photo.add: the record commits to the content long before its bytes arrive.

    `inputs["photo"]` says what the server has of that content: its state, and hints of its inspection.
    """
    known = find(body["photos"], "id", op.data["photo"])
    if known is not None:
        if known["sha256"] != op.data["sha256"]:
            raise Held("invalid_data", field="photo", problem="photo_taken")
        changed = bool(known["removed"])
        known["removed"] = False
        return Result(changed=changed)
    names = ("sha256", "size", "media_type", "purpose", "caption", "taken_at", "position")
    body["photos"].append(
        {"id": op.data["photo"], "by": op.actor.id, "operation": op.id}
        | {name: op.data[name] for name in names}
        | {"state": "missing", "removed": False, "hints": [], "at": op.at}
        | op.inputs.get("photo", {})
    )
    return Result()


def edit_photo(body: Body, op: Operation) -> Result:
    """photo.edit: what a photo is said to show, merged by field. One that was removed stays so."""
    photo = _photo(body, op)
    return merge_changes(body, photo, f"{PHOTOS}.{photo['id']}.", PHOTO, op)


def _photo(body: Body, op: Operation) -> dict[str, Any]:  # Any: JSON
    """The record that the operation names. Raises Held (unknown_photo)."""
    photo = find(body["photos"], "id", op.data["photo"])
    if photo is None:
        raise Held("invalid_data", field="photo", problem="unknown_photo")
    return photo


def remove_photo(body: Body, op: Operation) -> Result:
    """photo.remove: hides, never deletes."""
    photo = _photo(body, op)
    changed = not photo["removed"]
    photo["removed"] = True
    return Result(changed=changed)


def awaits_content(photo: Mapping[str, Any]) -> bool:  # Any: JSON of a photo record
    """Whether the content is still wanted: it is not here, the record stands, and nobody said that it is lost."""
    return photo["state"] in ("missing", "preview") and not photo["removed"] and not photo.get("lost")
