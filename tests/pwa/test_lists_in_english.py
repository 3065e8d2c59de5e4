"""A checklist is read in the reader's language, and where it has only another one that is said."""

from __future__ import annotations

import pytest
from apiflask import APIFlask
from playwright.sync_api import BrowserContext, expect

from server.api.documents import put_document
from server.database import writing
from server.services import services
from tests.conftest import People
from tests.pwa.conftest import Film, Server, give_job
from tests.pwa.test_conditions import show
from tests.pwa.test_screens import start
