from tests.support.leak_guards import nothing_left_behind  # noqa: F401
from tests.support.window_fixtures import (  # noqa: F401
    banded,
    cut,
    engine,
    original,
    photo,
    prior_folder,
    qtbot,
    runner,
    screenshot,
    scripted,
    text_file,
    twice,
)
