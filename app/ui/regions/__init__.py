"""The page of marked regions."""
