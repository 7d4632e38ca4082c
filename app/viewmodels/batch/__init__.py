"""View models of the batch page."""
