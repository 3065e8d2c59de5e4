"""The office's company, for what is tried on it."""

from __future__ import annotations

from tests.server.office.conftest import browser, scene  # noqa: F401  # fixtures
