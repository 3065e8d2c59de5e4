"""People, their devices and accounts."""
