"""What the browser tests share: the demonstration company, loaded once, served to each test on a copy."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.company import load_demo, serving

# A promise is kept when it is kept: a slow machine is not a broken product.
expect.set_options(timeout=30_000)


@pytest.fixture(scope="session")
def loaded_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demonstration company; not to be served from."""
    folder = tmp_path_factory.mktemp("demo")
    load_demo(folder)
    return folder


@pytest.fixture
def company(loaded_demo: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a server of the demonstration company that belongs to one test."""
    folder = tmp_path / "data"
    shutil.copytree(loaded_demo, folder)
    with serving(folder) as address:
        yield address
