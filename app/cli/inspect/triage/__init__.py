"""The table of `inspect` for several images and folders."""
