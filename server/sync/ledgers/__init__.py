"""Lines, their chain and signature, clocks and anchors, seals: what needs no document."""
