"""What all pages of the office share: who reads, forms and what is kept of them, words, values, drawings."""
