"""libjpeg in a process of its own, and its client."""

WORKER_ARGUMENT = "--jpeg-reader"  # with this argument, a frozen program runs as the worker
