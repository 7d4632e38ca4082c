"""View models of the parameters of the next run."""
