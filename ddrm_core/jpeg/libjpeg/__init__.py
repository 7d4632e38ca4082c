"""Access to libjpeg in a process of its own."""
