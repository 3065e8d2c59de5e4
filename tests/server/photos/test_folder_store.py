"""The store keeps content whole or not at all."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from server.photos import ContentMissing, FolderStore, PhotoStore, Room, open_photo_store

CONTENT = b"what a phone sent" * 1000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> PhotoStore:
    return open_photo_store(f"file:{tmp_path / 'photos'}")


def test_content_comes_back_byte_for_byte(store: PhotoStore, tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(CONTENT)
    store.put(Room.ORIGINAL, SHA256, source)
    assert store.exists(Room.ORIGINAL, SHA256)
    with store.open(Room.ORIGINAL, SHA256) as content:
        assert content.read() == CONTENT
    assert source.read_bytes() == CONTENT
    assert list(store.each(Room.ORIGINAL)) == [SHA256]


def test_rooms_are_apart(store: PhotoStore) -> None:
    store.put(Room.REFUSED, SHA256, CONTENT)
    assert not store.exists(Room.ORIGINAL, SHA256)
    with pytest.raises(ContentMissing):
        store.open(Room.ORIGINAL, SHA256)
    assert list(store.each(Room.ORIGINAL)) == []


def test_what_is_there_stays(store: PhotoStore) -> None:
    store.put(Room.THUMB, SHA256, b"first")
    store.put(Room.THUMB, SHA256, b"second")
    with store.open(Room.THUMB, SHA256) as content:
        assert content.read() == b"first"


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_crash_leaves_no_half_file_under_a_final_name(
    store: PhotoStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    store.put(Room.ORIGINAL, hashlib.sha256(b"other").hexdigest(), b"other")

    def crash(*_: object) -> None:
        raise SystemExit

    monkeypatch.setattr(os, step, crash)
    with pytest.raises(SystemExit):
        store.put(Room.SCREEN, SHA256, CONTENT)
    monkeypatch.undo()
    assert not store.exists(Room.SCREEN, SHA256)
    assert [file.name for file in (tmp_path / "photos" / "arriving").iterdir()] == []
    store.put(Room.SCREEN, SHA256, CONTENT)
    assert store.exists(Room.SCREEN, SHA256)


def test_content_is_synced_before_it_gets_its_name_and_the_name_is_synced_after(
    store: PhotoStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    real_fsync, real_replace = os.fsync, os.replace

    def fsync(descriptor: int) -> None:
        steps.append("sync folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else "sync file")
        real_fsync(descriptor)

    def replace(source: str, target: Path) -> None:
        steps.append("rename")
        real_replace(source, target)

    monkeypatch.setattr(os, "fsync", fsync)
    monkeypatch.setattr(os, "replace", replace)
    store.put(Room.ORIGINAL, SHA256, CONTENT)
    assert steps[-3:] == ["sync file", "rename", "sync folder"]


@pytest.mark.parametrize("name", ["../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "\n", ""])
def test_only_hashes_are_names(store: PhotoStore, name: str) -> None:
    with pytest.raises(ValueError):
        store.open(Room.ORIGINAL, name)


@pytest.mark.parametrize("url", ["ftp://host/photos", "photos", "file://elsewhere/photos", "file:"])
def test_an_address_that_nothing_can_be_kept_at_is_refused(url: str) -> None:
    with pytest.raises(ValueError):
        open_photo_store(url)


def test_a_store_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    FolderStore(tmp_path / "photos").check_ready()
    with pytest.raises(OSError):
        FolderStore(in_the_way / "photos").check_ready()
