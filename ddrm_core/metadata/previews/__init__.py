"""Previews in metadata, which show a source instead of its result."""
