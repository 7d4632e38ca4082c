"""View model of the bug report."""
