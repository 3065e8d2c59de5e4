"""What an operation does beside its document: applying, holding and deciding, accounts, devices, authorship."""
