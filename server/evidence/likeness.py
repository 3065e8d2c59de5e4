"""Whether two photos look like one, and how a close one is found without comparing with all.

`looks_of` in image_worker.py makes the figures; docs/decisions/0022-similar-photos.md has the measurements behind the
numbers here.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

BITS: Final = 256
BAND_BITS: Final = 16
BANDS: Final = BITS // BAND_BITS
CLOSE_BITS: Final = 52
CLOSE_DETAILS: Final = 0.75
# So many of the looks that are nearest by their bits are compared in their details.
NEAREST: Final = 3


@dataclass(frozen=True)
class Look:
    """How a picture looks. `gradients`: BITS bits as hex, in which direction it gets brighter. `details`: a byte for
    each of its places, how far it is brighter (over 128) or darker than its surroundings."""

    gradients: str
    details: bytes

    @cached_property
    def bits(self) -> int:
        """The gradients as a number."""
        return int(self.gradients, 16)

    @property
    def bands(self) -> list[int]:
        """The gradients in BANDS pieces of BAND_BITS, each a number that says which piece it is: what an index holds.
        Close pictures agree in some whole pieces."""
        digits = BAND_BITS // 4
        pieces = (self.gradients[band * digits : (band + 1) * digits] for band in range(BANDS))
        return [band << BAND_BITS | int(piece, 16) for band, piece in enumerate(pieces)]


def bits_apart(looks: Sequence[Look], other: Look) -> int | None:
    """In how many of BITS bits `other` differs from the nearest of a picture's looks; None where they are similar in
    none, which takes CLOSE_BITS at most and details that correlate by CLOSE_DETAILS at least."""
    theirs = other.bits
    apart = [(look.bits ^ theirs).bit_count() for look in looks]
    if not apart or (nearest := min(apart)) > CLOSE_BITS:
        return None
    near = sorted(range(len(looks)), key=apart.__getitem__)[:NEAREST]
    if any(_correlation(looks[at].details, other.details) >= CLOSE_DETAILS for at in near):
        return nearest
    return None


def bands_of(looks: Iterable[Look]) -> list[int]:
    """All pieces of all looks, each once, in order."""
    return sorted({band for look in looks for band in look.bands})


def _correlation(one: bytes, other: bytes) -> float:
    """Pearson's, of two pictures' details, whose mean is 128: from -1 to 1, 1 for the same."""
    mine, theirs = [each - 128 for each in one], [each - 128 for each in other]
    size = math.hypot(*mine) * math.hypot(*theirs)
    return sum(map(operator.mul, mine, theirs)) / size if size else 0.0
