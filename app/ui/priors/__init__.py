"""The dialog of priors and its controller."""
