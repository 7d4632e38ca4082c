"""From photographs in a folder to a prior in a file."""
