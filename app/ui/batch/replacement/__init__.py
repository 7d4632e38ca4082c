"""The controls for replacing originals and for undoing this."""
