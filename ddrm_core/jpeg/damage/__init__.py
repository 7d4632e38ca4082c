"""Damaged JPEG files: the share that can be read, and the pixels that are certain."""
