"""State of the opened file and facts about it."""
