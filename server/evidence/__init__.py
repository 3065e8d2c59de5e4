"""How far a time, a place, a photo and a signature can be believed, as pure functions (evidence.md)."""
