"""Export files: what a phone could not send, taken in from a file that somebody brings."""
