"""The inspector page and the pixel readout."""
