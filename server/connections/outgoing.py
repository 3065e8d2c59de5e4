"""What of an answer has not left yet. The thread that makes the answer puts it here, then the loop sends it."""

from __future__ import annotations

import os
import socket
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass


@dataclass
class Bytes:
    """Of an answer in memory, what is left."""

    left: memoryview

    @property
    def held(self) -> int:
        """Bytes of memory."""
        return len(self.left)

    def send(self, sock: socket.socket, most: int) -> int:
        """How many bytes the system took; raises BlockingIOError where it takes none."""
        sent = sock.send(self.left[:most])
        self.left = self.left[sent:]
        return sent

    def is_over(self) -> bool:
        """Whether all has left."""
        return not self.left

    def drop(self) -> None:
        """Nothing is to be sent any more."""


@dataclass
class Part:
    """Of an open file, `left` bytes from `offset` on; it stays readable whatever becomes of its name. `let_go` is
    called once it is closed."""

    file: int
    offset: int
    left: int
    let_go: Callable[[], None] = lambda: None
    held = 0

    def send(self, sock: socket.socket, most: int) -> int:
        """As of Bytes. A file that has become shorter meanwhile ends like a connection that broke."""
        sent = os.sendfile(sock.fileno(), self.file, self.offset, min(most, self.left))
        if not sent:
            raise ConnectionAbortedError("the file has ended before its answer")
        self.offset += sent
        self.left -= sent
        return sent

    def is_over(self) -> bool:
        """Whether all has left."""
        return not self.left

    def drop(self) -> None:
        """Nothing is to be sent any more."""
        os.close(self.file)
        self.let_go()


class Outgoing:
    """Parts of an answer in their order. First a thread has it, then the loop: never both."""

    def __init__(self) -> None:
        self._parts: deque[Bytes | Part] = deque()
        self.gone = 0

    def __bool__(self) -> bool:
        """Whether anything has not left yet."""
        return bool(self._parts)

    @property
    def held(self) -> int:
        """Bytes of memory."""
        return sum(part.held for part in self._parts)

    def add(self, data: memoryview) -> None:
        """These bytes come next."""
        if data:
            self._parts.append(Bytes(data))

    def add_file(self, file: int, offset: int, count: int, let_go: Callable[[], None] = lambda: None) -> None:
        """So many bytes of an open file come next; the caller may close theirs. `let_go` is called once they have left,
        or will not leave any more."""
        if count <= 0:
            return let_go()
        try:
            descriptor = os.dup(file)
        except BaseException:
            let_go()
            raise
        self._parts.append(Part(descriptor, offset, count, let_go))

    def leave(self, sock: socket.socket, most: int) -> None:
        """Send on, which does not block, until the system takes no more or `most` bytes are gone; raises OSError where
        the other side is."""
        with suppress(BlockingIOError):
            while self._parts and most > 0:
                sent = self._parts[0].send(sock, most)
                self.gone += sent
                most -= sent
                if self._parts[0].is_over():
                    self._parts.popleft().drop()

    def drop(self) -> None:
        """Nothing is to be sent any more."""
        while self._parts:
            self._parts.popleft().drop()
