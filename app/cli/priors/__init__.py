"""The `priors` commands and the progress of downloads."""
