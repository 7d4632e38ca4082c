"""Translation, number formats, and texts for errors and messages of the core."""
