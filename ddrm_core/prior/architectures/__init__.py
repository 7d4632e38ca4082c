"""Architectures of priors: all that is particular to a kind of network, and their registry."""
