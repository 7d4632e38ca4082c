"""The `batch` command: options, folders, executor and progress."""
