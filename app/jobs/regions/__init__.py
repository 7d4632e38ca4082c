"""The job that renders a contact sheet of regions."""
