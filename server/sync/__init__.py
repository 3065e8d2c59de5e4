"""The heart: lines, ledgers, the exchange, feeds and merging. Nothing here knows of Flask."""
