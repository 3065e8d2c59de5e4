"""What is read and written in the database for it: documents, feeds, locks, evidence, lookups."""
