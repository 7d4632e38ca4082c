"""JPEG XL files: encoding and decoding."""
