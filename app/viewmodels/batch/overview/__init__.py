"""Expected cost of a batch before its start, and what is known about its files."""
