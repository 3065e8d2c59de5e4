"""From a batch to its answer, and every other way in which lines come: files, the office, the journal again."""
