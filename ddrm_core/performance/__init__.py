"""Benchmark of a prior, peak throughput of devices, and estimates of time and memory."""
