"""Photographs for training: their pixels, and a stream of patches of them."""
