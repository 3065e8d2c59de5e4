"""The work order: its body, what each operation does to it, what follows, and who may."""
