"""Inverse problems: a measured image, its operator and its tiles."""
