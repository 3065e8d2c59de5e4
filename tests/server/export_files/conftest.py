"""A company that export files come to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from server.export_files.taking import Imported, import_file
from server.export_files.wiring import this_server
from tests.server.export_files.files import Parts, zipped
from tests.server.sync.conftest import in_app, li, office, zhang  # noqa: F401  # fixtures

Import = Callable[[Parts], Imported]


@pytest.fixture
def take_in() -> Import:
    """Takes a file of these parts in."""
    return lambda parts: import_file(zipped(parts), this_server())
