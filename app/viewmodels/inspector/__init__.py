"""View models of the inspector and of the pixel readout."""
