"""Jobs of the parameters: presets, run records of results, and cost estimates."""
