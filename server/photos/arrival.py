"""What happens when the bytes of a photo are in: they are looked at, kept, and recorded.

In two steps, because looking takes time and a database transaction should not: `keep` looks and stores, then
one of the `record_…` functions writes down, in the caller's transaction, what is so. Stopping between the two
loses nothing: the content is sent again, and kept again under the same name.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select, update

from server.evidence.likeness import Look
from server.models import PhotoContent, PhotoDelivery, PhotoPreview
from server.photos.alike import note_looks
from server.photos.images import ImageFacts, ImageRefused
from server.photos.inserting import insert_if_absent
from server.photos.looking import NotNow, look
from server.photos.store import PhotoStore, Room
from server.sync.operations.photo_state import content_arrived, content_rejected, preview_arrived
from server.sync.store.company import Company
from server.sync.store.locks import lock_photos


@dataclass(frozen=True)
class Kept:
    """Content that is in the store: a photo with its `facts` and `looks`, or a refused file with the
    `reason`."""

    sha256: str
    size: int
    media_type: str
    facts: ImageFacts | None
    reason: str | None
    looks: tuple[Look, ...] = ()


def hash_of(file: Path) -> str:
    """The SHA-256 of a file's bytes, in lower-case hex."""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def keep(store: PhotoStore, file: Path, sha256: str, announced_type: str) -> Kept:
    """Look at a whole file whose hash has been compared, and store it: never thrown away, photo or not.

    The media type is what the content is; only for a refused file it is what the sender said. Raises NotNow.
    """
    seen = look(file, sha256)
    size = file.stat().st_size
    if isinstance(seen, ImageRefused):
        store.put(Room.REFUSED, sha256, file)
        return Kept(sha256, size, announced_type, None, seen.reason)
    store.put(Room.THUMB, sha256, seen.thumb)
    store.put(Room.SCREEN, sha256, seen.screen)
    store.put(Room.ORIGINAL, sha256, file)
    return Kept(sha256, size, seen.facts.media_type, seen.facts, None, seen.looks)


def keep_after_all(store: PhotoStore, sha256: str, announced_type: str) -> Kept:
    """Look again at a file that was refused; raises NotNow, and ContentMissing where it is not in the store."""
    with as_file(store, Room.REFUSED, sha256) as file:
        return keep(store, file, sha256, announced_type)


def make_copies_again(store: PhotoStore, sha256: str) -> None:
    """Make the smaller copies of a stored photo once more, where the store has lost them (a backup need not
    hold them); raises NotNow, and ContentMissing where the photo is not there either."""
    with as_file(store, Room.ORIGINAL, sha256) as file:
        seen = look(file, sha256)
    if not isinstance(seen, ImageRefused):
        store.put(Room.THUMB, sha256, seen.thumb)
        store.put(Room.SCREEN, sha256, seen.screen)


@contextmanager
def as_file(store: PhotoStore, room: Room, sha256: str) -> Iterator[Path]:
    """Stored content as a file that lasts as long as the block; raises NotNow where there is no room for it."""
    with store.open(room, sha256) as content, ExitStack() as stack:
        try:
            file = stack.enter_context(tempfile.NamedTemporaryFile())
            shutil.copyfileobj(content, file)
            file.flush()
        except OSError as trouble:
            raise NotNow from trouble
        yield Path(file.name)


def record_content(connection: Connection, kept: Kept, person_id: str, now: datetime, company: Company) -> None:
    """Write down that the content is here and that this person has delivered it; their photo records follow.

    A content that is stored stays stored, whatever a later look at the same bytes says. What was refused before is
    as it is seen now, and the photo records of all who have delivered it follow.
    """
    lock_photos(connection, [kept.sha256])
    row = {
        "sha256": kept.sha256,
        "size": kept.size,
        "media_type": kept.media_type,
        "state": "stored" if kept.facts else "rejected",
        "reason": kept.reason,
        "width": kept.facts.width if kept.facts else None,
        "height": kept.facts.height if kept.facts else None,
        "facts": kept.facts.to_json() if kept.facts else "{}",
        "stored_at": now,
    }
    is_new = insert_if_absent(connection, PhotoContent, row)
    if not is_new:
        same = PhotoContent.sha256 == kept.sha256
        connection.execute(update(PhotoContent).where(same, PhotoContent.state != "stored").values(**row))
    if kept.facts:
        note_looks(connection, kept.sha256, kept.looks)
    if not is_new:
        delivered = select(PhotoDelivery.person_id).where(PhotoDelivery.sha256 == kept.sha256)
        for other_id in connection.execute(delivered.order_by(PhotoDelivery.person_id)).scalars().all():
            _tell_records(connection, kept.sha256, other_id, now, company)
    record_delivery(connection, kept.sha256, person_id, now, company)


def record_delivery(connection: Connection, sha256: str, person_id: str, now: datetime, company: Company) -> None:
    """Write down that this person has delivered a content that is here; their photo records follow."""
    lock_photos(connection, [sha256])
    delivery = {"sha256": sha256, "person_id": person_id, "delivered_at": now}
    insert_if_absent(connection, PhotoDelivery, delivery)
    _tell_records(connection, sha256, person_id, now, company)


def _tell_records(connection: Connection, sha256: str, person_id: str, now: datetime, company: Company) -> None:
    """Let a person's photo records of a content that is here say what became of it."""
    content = connection.execute(
        select(PhotoContent.state, PhotoContent.reason).where(PhotoContent.sha256 == sha256)
    ).one()
    if content.state == "stored":
        content_arrived(connection, sha256, person_id, now, company)
    else:
        content_rejected(connection, sha256, person_id, content.reason or "broken", now, company)


def keep_preview(store: PhotoStore, file: Path, preview_sha256: str) -> bool:
    """Store a preview whose hash has been compared; False for one that is not a photo, which is not kept:
    its original is on the phone. Raises NotNow."""
    if isinstance(look(file, preview_sha256), ImageRefused):
        return False
    store.put(Room.PREVIEW, preview_sha256, file)
    return True


def record_preview(
    connection: Connection, sha256: str, preview_sha256: str, person_id: str, now: datetime, company: Company
) -> None:
    """Write down that this person has sent a preview of the original `sha256`; a newer one replaces it."""
    lock_photos(connection, [sha256])
    row = {"sha256": sha256, "person_id": person_id, "preview_sha256": preview_sha256, "stored_at": now}
    if not insert_if_absent(connection, PhotoPreview, row):
        own = (PhotoPreview.sha256 == sha256, PhotoPreview.person_id == person_id)
        connection.execute(update(PhotoPreview).where(*own).values(**row))
    preview_arrived(connection, sha256, person_id, now, company)
