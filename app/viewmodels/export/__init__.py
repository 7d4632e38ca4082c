"""View models of saving and sharing a result."""
