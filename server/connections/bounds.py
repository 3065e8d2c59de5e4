"""How much and how long: the figures of every connection. Read as `bounds.NAME`, so that a test can set them."""

from __future__ import annotations

from typing import Final

HEAD_S: Final = 10.0
HEAD_BYTES: Final = 32 * 1024
# A piece of a photo (256 KiB) and every batch fit; what is longer is read by a thread, few at a time.
WHOLE_BYTES: Final = 4 * 1024 * 1024
BODY_S: Final = 20.0
# GPRS in its weakest coding carries 9 kbit/s; what takes a thread meanwhile has to come faster.
WHOLE_BYTES_A_S: Final = 1024
LONG_BYTES_A_S: Final = 32 * 1024
LONG_AT_ONCE: Final = 16
# Whole bodies of more than this are with threads few at a time: 64 threads together never have more than HELD_BYTES.
LARGE_BYTES: Final = 1024 * 1024
LARGE_AT_ONCE: Final = 16
# An answer, until the first of it is taken; after that it has the time of a body of its length.
ANSWER_S: Final = 20.0
# Who is refused gets the answer so much later, for which no thread waits; of so many at a time, the first of more leave
# at once. Few connections can then ask for a few refusals a second each, and not for hundreds.
REFUSED_S: Final = 0.5
REFUSED: Final = 300
# What the loop sends to one reader before it looks after the others.
PORTION_BYTES: Final = 256 * 1024
# What the system keeps of an answer that is not on its way yet: what a reader has taken is known to within so much.
UNSENT_BYTES: Final = 64 * 1024
# Of one process: bodies until a thread is done with them, and answers that are read slowly.
HELD_BYTES: Final = 128 * 1024 * 1024
ANSWER_BYTES: Final = 128 * 1024 * 1024
ARRIVING: Final = 500
ANSWERING: Final = 500
KEPT_ALIVE: Final = 300
WAITING: Final = 100
LEAVING: Final = 100
OF_ONE_ADDRESS: Final = 100
LEAVING_S: Final = 2.0
LEAVING_BYTES: Final = 64 * 1024
SWEEP_S: Final = 0.25
RECEIVE_BYTES: Final = 64 * 1024


def time_to_read(size: int) -> float:
    """Seconds that a reader has for so many bytes of an answer: at the rates of bodies."""
    slowly = min(size, WHOLE_BYTES)
    return slowly / WHOLE_BYTES_A_S + (size - slowly) / LONG_BYTES_A_S
