"""Tiles of an image: their plan, and a denoiser that evaluates one tile after another."""
