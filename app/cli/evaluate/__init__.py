"""The `evaluate` command: options, progress and reports."""
