"""Replacement of sources by their results, with backups of the sources, and its undoing."""
