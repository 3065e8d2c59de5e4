"""Which photos look alike: noted once, when a photo is new, by an index and not by comparing with all.

The index holds the pieces of every photo's look. A new photo's looks, as it is and cropped and uncropped, ask for
theirs; what agrees in some pieces is compared in full.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, exists, func, insert, select

from server.evidence.likeness import Look, bands_of, bits_apart
from server.models import PhotoAlike, PhotoBand, PhotoContent, PhotoLook
from server.photos.inserting import insert_if_absent
from server.sync.store.locks import lock_looks

# Two pictures of different things agree in one piece by chance, seldom in two.
PIECES: Final = 2
# What agrees most is compared first; beyond that a photo looks like so many others that it says nothing.
COMPARED: Final = 150
NOTED: Final = 20


@dataclass(frozen=True)
class Close:
    """A stored photo that looks like the one asked for; `bits` of likeness.BITS differ."""

    sha256: str
    bits: int


def note_looks(connection: Connection, sha256: str, looks: Sequence[Look]) -> None:
    """Write down how a stored photo looks, and which are close to it; nothing where that was done before.

    `looks` begin with the picture as it is; none for one that shows next to nothing.
    """
    lock_looks(connection)
    row: dict[str, object] = {
        "sha256": sha256,
        "gradients": looks[0].gradients if looks else None,
        "details": looks[0].details if looks else None,
    }
    if not insert_if_absent(connection, PhotoLook, row) or not looks:
        return
    for close in close_to(connection, looks, sha256):
        for one, other in ((sha256, close.sha256), (close.sha256, sha256)):
            insert_if_absent(connection, PhotoAlike, {"sha256": one, "other_sha256": other, "bits": close.bits})
    number = connection.execute(select(PhotoLook.number).where(PhotoLook.sha256 == sha256)).scalar_one()
    connection.execute(insert(PhotoBand), [{"band": band, "number": number} for band in looks[0].bands])


def close_to(connection: Connection, looks: Sequence[Look], besides: str = "") -> list[Close]:
    """The NOTED closest photos, besides the one of that SHA-256, the closest first."""
    agreeing = (
        select(PhotoBand.number)
        .where(PhotoBand.band.in_(bands_of(looks)))
        .group_by(PhotoBand.number)
        .having(func.count() >= PIECES)
        .order_by(func.count().desc(), PhotoBand.number)
        .limit(COMPARED)
        .subquery()
    )
    rows = connection.execute(
        select(PhotoLook.sha256, PhotoLook.gradients, PhotoLook.details)
        .join(agreeing, agreeing.c.number == PhotoLook.number)
        .where(PhotoLook.sha256 != besides)
    )
    found = []
    for row in rows:
        bits = bits_apart(looks, Look(row.gradients, row.details))
        if bits is not None:
            found.append(Close(row.sha256, bits))
    return sorted(found, key=lambda close: (close.bits, close.sha256))[:NOTED]


def not_looked_at(connection: Connection, count: int, besides: Sequence[str] = ()) -> list[str]:
    """Some stored photos of which nobody has noted how they look, but for `besides`; at random, so that several
    processes that ask at once seldom get the same."""
    noted = exists().where(PhotoLook.sha256 == PhotoContent.sha256)
    missing = select(PhotoContent.sha256).where(PhotoContent.state == "stored", ~noted)
    if besides:
        missing = missing.where(PhotoContent.sha256.not_in(besides))
    return list(connection.execute(missing.order_by(func.random()).limit(count)).scalars())
