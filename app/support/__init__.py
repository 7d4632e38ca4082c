"""Session log and redacted bug reports."""
