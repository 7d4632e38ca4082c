"""Benchmark, peak throughput of devices, estimates of time and memory."""
