"""Devices: selection, limits of memory, out-of-memory errors, time spent per part."""
