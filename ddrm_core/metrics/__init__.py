"""Numbers about results: agreement with the file, and distance from an original."""
