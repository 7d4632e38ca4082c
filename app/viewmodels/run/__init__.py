"""View models of the run and of the timeline of its estimates."""
