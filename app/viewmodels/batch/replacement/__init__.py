"""Replacement of originals by the results of a batch, and its undoing."""
