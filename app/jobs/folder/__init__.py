"""Jobs that read the folder of the open file."""
