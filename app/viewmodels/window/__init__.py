"""The view models of one window, and the actions that their states allow."""
