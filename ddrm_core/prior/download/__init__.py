"""Resumable, checksum-verified download of published priors."""
