"""Waiting for what a page finds out only by asking its store."""

from __future__ import annotations

import time
from typing import Any

from playwright.sync_api import Page


def until(page: Page, condition: str, arg: Any = None, within_s: float = 20) -> None:
    """Wait until a JavaScript expression, or what a function makes of `arg`, holds; a promise is waited for.

    Playwright's own `wait_for_function` takes a promise for an answer, and every promise is true.
    """
    end = time.monotonic() + within_s
    while not page.evaluate(condition, arg):
        assert time.monotonic() < end, f"never came true: {condition}"
        time.sleep(0.02)
