"""Clients of the object stores, one per kind of store; the only modules that import fsspec."""
