"""The random run: real servers, many clients, an office and trouble, drawn from one seed, for as long as one likes.

`python -m tests.races.random_run --help`; what it does and what it has found: docs/proofs/random-run.md.
"""
