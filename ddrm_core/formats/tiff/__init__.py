"""Reading and writing of TIFF files."""
