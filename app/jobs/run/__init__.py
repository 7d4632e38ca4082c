"""The jobs that restore an image, record its estimates and build its result."""
