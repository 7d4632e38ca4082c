"""The job that draws a contact sheet of regions."""
