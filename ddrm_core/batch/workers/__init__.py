"""Restoration of a batch by several processes at once."""
