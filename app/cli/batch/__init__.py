"""The `batch` command: its options, its folders, its run and its progress."""
