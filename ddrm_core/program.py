"""Name and version of the program, which result files, reports and downloads state."""

PROGRAM_NAME = "DDRM Restore"
__version__ = "0.1.0"
