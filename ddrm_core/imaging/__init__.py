"""Array types, rectangles, orientation and rounding of images."""
