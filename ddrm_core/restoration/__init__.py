"""Runs: measured image, captured settings, execution by tiles, and result."""
