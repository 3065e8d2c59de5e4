"""Taking a company's own spreadsheets in: every good row, each bad one with its place and reason."""
