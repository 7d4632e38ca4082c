"""Locations, resources and stored settings of the program."""
