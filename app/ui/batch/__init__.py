"""The batch page, its actions and its controller."""
