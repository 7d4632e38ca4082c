"""The result panel, and the pages of samples and of the run history."""
