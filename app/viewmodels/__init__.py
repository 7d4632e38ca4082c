"""The state that the window shows; no widgets, no tensor maths."""
