"""Priors: trained denoisers and their descriptions."""
