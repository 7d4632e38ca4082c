"""The command line. Imports neither Qt nor torch before a command needs them."""
