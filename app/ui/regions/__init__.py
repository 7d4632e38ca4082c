"""The page of regions, its actions and its controller."""
