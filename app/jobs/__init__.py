"""Jobs: long work that runs outside the GUI thread."""
