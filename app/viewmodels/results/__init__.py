"""View models of the samples, the run history and the unsaved results."""
