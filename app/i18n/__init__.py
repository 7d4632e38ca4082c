"""Translation, number formats, and the words for errors and messages of the core."""
