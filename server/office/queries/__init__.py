"""What the pages read: queries over journal, documents, people and photos."""
