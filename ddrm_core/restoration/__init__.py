"""A run: input, settings captured, execution in parts, result."""
