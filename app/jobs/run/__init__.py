"""The job that restores an image and records its estimates."""
