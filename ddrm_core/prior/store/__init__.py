"""Priors on disk: library, registry of published priors, conversion of checkpoints."""
