"""The `restore` command: options, notes about an image, and its restoration."""
