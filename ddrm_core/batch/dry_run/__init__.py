"""Dry runs: what a batch would do, and how large its results would be."""
