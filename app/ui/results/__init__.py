"""The result panel, and the pages of samples and of earlier runs."""
