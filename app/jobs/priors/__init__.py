"""Jobs that list, import, download and verify priors."""
