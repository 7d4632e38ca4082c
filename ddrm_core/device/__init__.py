"""Devices: selection, execution limits, out-of-memory errors and profiling."""
