"""Arrays in memory and in the session's temporary folder."""
