"""The `evaluate` command and its progress."""
