"""Options that several commands share, and their declaration by dataclasses."""
