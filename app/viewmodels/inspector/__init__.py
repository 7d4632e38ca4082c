"""State of the inspector and of the pixel readout."""
