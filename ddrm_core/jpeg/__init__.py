"""JPEG as a measurement: the file's levels and tables, and the maps between them and pictures."""
