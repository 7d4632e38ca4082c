"""State of the samples and of the earlier runs."""
