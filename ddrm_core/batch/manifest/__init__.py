"""The manifest of a folder of results, which lists the finished files of batches."""
