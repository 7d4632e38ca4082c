"""The command line. Qt and torch are imported only by the commands that need them."""
