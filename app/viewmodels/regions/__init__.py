"""View models of the regions and of the contact sheet."""
