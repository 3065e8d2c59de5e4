"""Which photo store a company has."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from server.photos.folder import FolderStore
from server.photos.store import PhotoStore


def open_photo_store(url: str) -> PhotoStore:
    """The store that the setting UNDERCROFT_PHOTOS_URL names ("file:/srv/undercroft/photos").

    Raises ValueError for a kind of address that there is no store for.
    """
    parts = urlsplit(url)
    if parts.scheme == "file" and parts.netloc in ("", "localhost") and parts.path:
        return FolderStore(Path(unquote(parts.path)))
    raise ValueError(f"photos cannot be kept at {url!r}: the address must begin with file:")
