"""Keeping what was taken in: copies of the whole, bringing one back, and checking that all of it holds together."""
