"""Where photo content is kept: bytes by their SHA-256, and the copies made of them."""

from server.photos.folder import FolderStore
from server.photos.opening import open_photo_store
from server.photos.store import CONTENT_ROOMS, ContentMissing, PhotoStore, Room

__all__ = ["CONTENT_ROOMS", "ContentMissing", "FolderStore", "PhotoStore", "Room", "open_photo_store"]
