"""The bit depth problem: restoring pixels that kept only their first bits."""
