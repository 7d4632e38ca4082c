"""Priors on disk: prior library, published priors, conversion of checkpoints, checksums."""
