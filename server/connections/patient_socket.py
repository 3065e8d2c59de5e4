"""A connection as threads use it: it waits for what comes with patience, and for what leaves it does not wait."""

from __future__ import annotations

import errno
import re
import socket
import time
from typing import IO, Any, Final

from server.connections import bounds
from server.connections.outgoing import Outgoing

# Neither what an upload or a batch is told in its course, nor what is not found: those are everyday answers.
_REFUSAL: Final = re.compile(rb"HTTP/1\.[01] (?:400|401|403|413|422|429) ")


class PatientSocket(socket.socket):
    """A connection that waits for the next byte so long and no longer, and for bytes at a rate.

    `deadline` is a moment of `time.monotonic()`: from then on nothing more is received. What comes moves it on.
    What the system does not take at once of an answer stays in `outgoing`, for the loop to send; of one that refuses
    nothing leaves until the loop has set `refuses` back.
    """

    LONGEST_SILENCE_S: Final = 20.0
    deadline: float = float("inf")
    refuses: bool = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # Any: as of every socket
        super().__init__(*args, **kwargs)
        self.outgoing = Outgoing()

    def setblocking(self, flag: bool) -> None:
        """Blocking means: with patience."""
        self.settimeout(self.LONGEST_SILENCE_S if flag else 0.0)

    def recv(self, size: int, flags: int = 0) -> bytes:
        """As of every socket; a silence that is too long ends like a connection that broke."""
        patience = self.gettimeout()
        if patience == 0:
            return super().recv(size, flags)
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise ConnectionResetError(errno.ECONNRESET, "it took too long altogether")
        self.settimeout(min(left, self.LONGEST_SILENCE_S))
        try:
            came = super().recv(size, flags)
        except TimeoutError as error:
            raise ConnectionResetError(errno.ECONNRESET, "nothing came for too long") from error
        finally:
            self.settimeout(patience)
        self.deadline += len(came) / bounds.LONG_BYTES_A_S
        return came

    def sendall(self, data: Any, flags: int = 0) -> None:  # Any: whatever has bytes
        """Send what leaves at once and keep the rest; raises OSError where the other side is gone."""
        answer = bytes(data)
        if not self.outgoing and not self.outgoing.gone:
            self.refuses = _REFUSAL.match(answer) is not None
        self.outgoing.add(memoryview(answer))
        self._leave()

    def sendfile(self, file: IO[bytes], offset: int = 0, count: int | None = None) -> int:  # type: ignore[override]  # gunicorn always gives a count
        """The same for `count` bytes of a file, which the caller may close. A file that wants to know has `until_sent`,
        which gives what is to be called once they have left."""
        assert count is not None
        until_sent = getattr(file, "until_sent", None)
        self.outgoing.add_file(file.fileno(), offset, count, *([until_sent()] if until_sent else []))
        self._leave()
        return count

    def _leave(self) -> None:
        if self.refuses:
            return
        patience = self.gettimeout()
        self.settimeout(0.0)
        try:
            self.outgoing.leave(self, bounds.PORTION_BYTES)
        finally:
            self.settimeout(patience)

    def close(self) -> None:
        """As of every socket; what has not left does not leave any more."""
        self.outgoing.drop()
        super().close()
