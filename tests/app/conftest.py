from window_fixtures import (  # noqa: F401
    banded,
    cut,
    engine,
    no_thread_left_running,
    original,
    photo,
    prior_folder,
    runner,
    screenshot,
    text_file,
    twice,
)
