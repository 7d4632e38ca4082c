"""Widgets and services that every feature uses."""
