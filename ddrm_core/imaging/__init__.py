"""Images as arrays: orientation, rounding, rectangles."""
