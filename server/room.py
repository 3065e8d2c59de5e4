"""How much room is left where this server keeps things, and what that means for who works with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from server import disk
from server.services import Services

# ok: nothing to do · low: somebody has to make room soon · photos_wait: photos stay on the phones, lines come in ·
# full: nothing can be written
State = Literal["ok", "low", "photos_wait", "full"]

LOW_BYTES: Final = 4 * disk.RESERVE_BYTES
# What a transaction needs at least.
FULL_BYTES: Final = 4 * 1024 * 1024


@dataclass(frozen=True)
class RoomLeft:
    """`free_bytes` of the fuller disk, and what that means; None where the system does not say."""

    state: State
    free_bytes: int | None


def room_left(around: Services) -> RoomLeft:
    """How much room there is for lines and photos."""
    try:
        here = around.free_bytes(around.settings.data)
        free = min(here, around.photos.free_bytes())
    except OSError:
        return RoomLeft("ok", None)
    if here < FULL_BYTES:
        return RoomLeft("full", free)
    if free < disk.RESERVE_BYTES:
        return RoomLeft("photos_wait", free)
    return RoomLeft("low" if free < LOW_BYTES else "ok", free)
