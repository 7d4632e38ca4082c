"""Checks that a result agrees with its file, and where it deviates."""
