"""State of the marked regions and of the contact sheet."""
