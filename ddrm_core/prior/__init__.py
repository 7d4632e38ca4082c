"""Priors: trained denoisers and what is known of them."""
