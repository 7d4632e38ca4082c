"""DDRM Restore, the program: its window and its command line."""

APP_NAME = "DDRM Restore"
COMMAND = "ddrm-restore"
BUNDLE_ID = "org.ddrm-restore.app"
