"""The evidence bundle of one order: what can be checked with common tools, without Undercroft."""
