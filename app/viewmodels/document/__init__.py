"""View models of the opened file, the recent files and the facts about a file."""
