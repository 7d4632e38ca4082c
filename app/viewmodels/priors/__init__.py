"""View model of the priors page."""
