"""Corrections, which make an estimate agree with a measurement."""
