"""View model of the preferences."""
