"""The company of the office's tests."""

from tests.server.office.conftest import browser, scene  # noqa: F401  # fixtures
