"""Image quality metrics that compare a result with an original."""
