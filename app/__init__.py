"""The program DDRM Restore: its window and its command line."""

COMMAND = "ddrm-restore"
BUNDLE_ID = "org.ddrm-restore.app"
