"""What several types of document include: functions that a type composes."""
