"""JPEG files as measurements: levels, quantization tables and the maps to and from images."""
