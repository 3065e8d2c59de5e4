"""Undercroft's server, put together in server/application.py. Nothing is loaded by naming the package."""

from __future__ import annotations

VERSION = "0.1.0"
