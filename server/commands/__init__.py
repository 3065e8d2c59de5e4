"""The command line: what each command asks for, prints and answers. What it does is imported as it runs."""
