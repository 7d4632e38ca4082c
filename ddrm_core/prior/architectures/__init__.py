"""Architectures of networks and their registry."""
