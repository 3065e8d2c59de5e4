"""Service rules as pure functions: warranty, deadlines, prices and stages (work-orders.md)."""
