"""The index of a large manifest, from which lines are found without reading the whole manifest."""
