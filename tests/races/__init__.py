"""Two at once, a restore, a wrong clock: what was once wrong, with what must be."""
