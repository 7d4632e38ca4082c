"""Batches: planned files, targets, manifest, the restoration of all files, and reports."""
