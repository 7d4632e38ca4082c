"""Widgets that render a state and report user input, without logic of their own."""
