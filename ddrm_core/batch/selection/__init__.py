"""Selection of the files of a batch that are restored, and copies of the others."""
