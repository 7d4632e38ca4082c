"""State of the run and of its estimates."""
