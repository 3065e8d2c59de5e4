"""What the evidence of all orders is worth, and what of it is weak."""
