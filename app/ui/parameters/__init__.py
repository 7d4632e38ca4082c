"""The settings of a run: panel, presets, undo, estimate."""
