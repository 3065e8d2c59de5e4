"""What asks for a decision: conflicts, flags, held lines, export files."""
