"""Checks of a result against the levels of its file."""
