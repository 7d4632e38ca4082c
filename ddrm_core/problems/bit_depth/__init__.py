"""Pictures whose pixels lost their lower bits, and what those may have been."""
