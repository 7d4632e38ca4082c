"""Inverse problems: a measurement, its operator and its parts."""
