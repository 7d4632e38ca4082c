"""The file panel, the welcome page, and the controllers that open files."""
