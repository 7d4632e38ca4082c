"""The parameter panel with presets, undo and the cost estimate."""
