"""The page of priors."""
