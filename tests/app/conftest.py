from window_fixtures import (  # noqa: F401
    banded,
    cut,
    engine,
    no_thread_left_running,
    original,
    photo,
    runner,
    screenshot,
    text_file,
    twice,
)
