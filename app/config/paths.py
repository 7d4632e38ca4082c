"""Where the program keeps what is the user's own, and what it may throw away."""

from __future__ import annotations

from pathlib import Path

from app import COMMAND


def config_folder() -> Path:
    """Of what the user has set up; made when the first of it is saved."""
    import platformdirs

    return Path(platformdirs.user_config_dir(COMMAND, appauthor=False))


def cache_folder() -> Path:
    """Of what can be made again; on a disk, where folders for temporary files may be memory."""
    import platformdirs

    return Path(platformdirs.user_cache_dir(COMMAND, appauthor=False))


def state_folder() -> Path:
    """Of what was being done; made when the first of it is kept."""
    import platformdirs

    return Path(platformdirs.user_state_dir(COMMAND, appauthor=False))


def log_folder() -> Path:
    """Of what happened in the last sessions; made when the first of it is written."""
    import platformdirs

    return Path(platformdirs.user_log_dir(COMMAND, appauthor=False))
