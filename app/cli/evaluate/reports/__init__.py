"""An evaluation's results as files: tables, a plot, pictures side by side."""
