"""Restoration of a batch by the machines of a Ray cluster."""
