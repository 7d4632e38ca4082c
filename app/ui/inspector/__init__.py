"""The inspector and the pixel readout."""
