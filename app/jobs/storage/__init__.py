"""The array store and the temporary folder."""
