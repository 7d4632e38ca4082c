"""The `priors` commands and the progress of a download."""
