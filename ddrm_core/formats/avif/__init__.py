"""AVIF files: encoding and decoding."""
