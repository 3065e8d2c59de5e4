"""The office's pages, rendered on the server. Every change is an operation in the ledger."""
