"""Atomic writing of files, and hashes of files."""
