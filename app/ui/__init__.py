"""Widgets: they render a state and report an intent, and decide nothing."""
