from window_fixtures import (  # noqa: F401
    engine,
    no_thread_left_running,
    original,
    photo,
    runner,
    text_file,
)
