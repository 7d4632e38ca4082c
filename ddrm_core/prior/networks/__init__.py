"""Network architectures of priors."""
