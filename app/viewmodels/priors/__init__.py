"""State of the page of priors."""
