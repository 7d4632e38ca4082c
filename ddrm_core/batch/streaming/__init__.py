"""Plans of very many files, of which one folder at a time is in memory."""
