"""Files written atomically, and hashes of files."""
