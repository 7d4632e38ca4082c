"""State of the settings of a run."""
