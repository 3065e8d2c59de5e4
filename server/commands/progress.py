"""Progress on a terminal as a bar, elsewhere as plain lines."""

from __future__ import annotations

import sys
from typing import Any, Self

import click

from server.language import text


class ProgressShown:
    """A Progress (see load.py) for people. On a terminal a bar a sheet; otherwise a line as a sheet ends.

    A context manager: the terminal's cursor comes back whatever happens meanwhile.
    """

    def __init__(self, language: str) -> None:
        self._language = language
        self._terminal = sys.stderr.isatty()
        self._bar: Any = None  # Any: click gives its bar no public type
        self._done = 0

    def __call__(self, file: str, sheet: str, done: int, total: int) -> None:
        """A sheet of a file has come to `done` of `total` rows; 0 begins it."""
        label = text(self._language, "import-progress", file=file, sheet=sheet)
        if not self._terminal:
            if done == total:
                click.echo(f"{label} {done}/{total}", err=True)
            return
        if done == 0:
            self.end()
            self._bar = click.progressbar(length=max(total, 1), label=label, file=sys.stderr)
            self._bar.render_progress()
            self._done = 0
        self._bar.update(done - self._done)
        self._done = done
        if done == total:
            self.end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()

    def end(self) -> None:
        """Leave the bar's line, whether or not it came to its end."""
        if self._bar is not None:
            self._bar.render_finish()
            self._bar = None
