"""Putting the keys of a backup in the place of those that are there.

There are two steps, and the database takes its place between them. After the first every key that anybody may need is
among the former ones; the second puts the present one in its place. So whoever is killed in between leaves a server
that knows the key of the database it finds: either it is the present one, or one of the former.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path

from server.keeping import archive
from server.keeping.opening import Opened
from server.photos.folder import sync_folder
from server.secret_key import SETTING
from server.services import utc_now
from server.settings import Settings


@dataclass(frozen=True)
class Keys:
    """Files with the keys, each beside its place: (new, place), None where what is there stays."""

    former: tuple[Path, Path] | None
    present: tuple[Path, Path] | None

    @contextmanager
    def former_in_place(self) -> Iterator[None]:
        """The first step: the old files have other names as well, and the list of former keys is the new one. Where
        the block fails all is as it was."""
        with ExitStack() as undone:
            for _, place in filter(None, (self.former, self.present)):
                undone.callback(_take_back, place, _link_aside(place) if place.exists() else None)
            if self.former is not None:
                os.replace(*self.former)
                sync_folder(self.former[1].parent)
            yield
            undone.pop_all()

    def put(self) -> None:
        """The second step. At no moment is there no key."""
        if self.present is not None:
            os.replace(*self.present)
            sync_folder(self.present[1].parent)


@contextmanager
def keys_at_hand(settings: Settings, opened: Opened, present: str | None) -> Iterator[Keys]:
    """The keys, written beside those in the data folder, until the block ends. No key goes out of use: those of the
    backup, and the `present` one of a company that is replaced, stay among the former ones, since phones hold what
    they made. A key that the environment names stays."""
    key, former = settings.data / archive.SECRET, settings.data / archive.FORMER
    wanted = [*settings.former_keys, *opened.former, opened.secret, *([present] if present else [])]
    changes = not os.environ.get(SETTING) and not (key.exists() and key.read_text().strip() == settings.secret_key)
    # A key that is yet to come into its place is a former one until then.
    kept = [one for one in dict.fromkeys(wanted) if changes or one != settings.secret_key]
    with ExitStack() as stack:
        new_former = new_key = None
        if not set(kept) <= set(settings.former_keys):
            new_former = (stack.enter_context(_at_hand(former, "\n".join(kept) + "\n")), former)
        if changes:
            new_key = (stack.enter_context(_at_hand(key, settings.secret_key)), key)
        yield Keys(new_former, new_key)


def numbered(first: Path) -> Iterator[Path]:
    """Names for what must not take the place of anything: `first`, and then with numbers, without an end."""
    return chain((first,), (first.with_name(f"{first.name}-{number}") for number in count(2)))


@contextmanager
def _at_hand(file: Path, content: str) -> Iterator[Path]:
    """A file beside `file`, which its owner alone may read, until the block ends."""
    new = file.with_suffix(f"{file.suffix}.restoring")
    new.unlink(missing_ok=True)
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        yield new
    finally:
        new.unlink(missing_ok=True)


def _take_back(place: Path, aside: Path | None) -> None:
    """Let be in `place` what is `aside`, which may be the same file under another name, or nothing."""
    if aside is None:
        place.unlink(missing_ok=True)
        return
    os.replace(aside, place)
    aside.unlink(missing_ok=True)


def _link_aside(file: Path) -> Path:
    """Give the file another name beside its own, one that nothing has."""
    name = f"{'secret' if file.name == archive.SECRET else file.name}.before-restore"
    first = file.with_name(name)
    for other in chain((first,), numbered(first.with_name(f"{name}-{utc_now():%Y%m%dT%H%M%S}"))):
        with suppress(FileExistsError):
            os.link(file, other)
            return other
    raise AssertionError("names have no end")
