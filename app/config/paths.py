"""The user's folders for configuration, data, cache, state and logs."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND

if TYPE_CHECKING:  # imported at its first use, so that no command waits for it
    from platformdirs import PlatformDirs


@cache
def _user_folders() -> PlatformDirs:
    """Return the user's folders for configuration, data, cache, state and logs on this system."""
    from platformdirs import PlatformDirs

    return PlatformDirs(COMMAND, appauthor=False)


def config_folder() -> Path:
    """Return the folder of files that the user has set up, such as presets.

    The folder may not exist yet.
    """
    return _user_folders().user_config_path


def data_folder() -> Path:
    """Return the folder of the user's own files, such as imported priors.

    The folder may not exist yet.
    """
    return _user_folders().user_data_path


def home_trash_folder() -> Path:
    """Return the trash in the user's home folder, by the freedesktop.org specification.

    The folder may not exist yet.
    """
    return data_folder().parent / "Trash"


def cache_folder() -> Path:
    """Return the folder of files that may be deleted; it may not exist yet.

    The folder is on a disk, unlike some systems' folder of temporary files, which is in memory.
    """
    return _user_folders().user_cache_path


def state_folder() -> Path:
    """Return the folder of the program's state, such as the batch file; it may not exist yet."""
    return _user_folders().user_state_path


def log_folder() -> Path:
    """Return the folder of the session log; it may not exist yet."""
    return _user_folders().user_log_path


def shared_data_folder() -> Path:
    """Return the folder in which the desktop looks for entries of the user's programs.

    The folder, such as ~/.local/share, may not exist yet.
    """
    from platformdirs import PlatformDirs

    return PlatformDirs().user_data_path


def pictures_folder() -> Path:
    """Return the user's folder of pictures, or the home folder if that folder does not exist."""
    folder = _user_folders().user_pictures_path
    return folder if folder.is_dir() else Path.home()
