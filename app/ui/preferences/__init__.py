"""The preferences dialog and its controller."""
