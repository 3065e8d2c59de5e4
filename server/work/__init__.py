"""What each operation means: functions over a work order's document, without database, clock or Flask."""
