"""Where the program keeps what is the user's own, and what it may throw away."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND

if TYPE_CHECKING:  # imported where it is needed first: no command should wait for it
    from platformdirs import PlatformDirs


@cache
def _user_folders() -> PlatformDirs:
    """Return the folders of the operating system's conventions."""
    from platformdirs import PlatformDirs

    return PlatformDirs(COMMAND, appauthor=False)


def config_folder() -> Path:
    """Of what the user has set up; made when the first of it is saved."""
    return _user_folders().user_config_path


def data_folder() -> Path:
    """Of the user's own files; made when the first arrives."""
    return _user_folders().user_data_path


def cache_folder() -> Path:
    """Of what can be made again; on a disk, where folders for temporary files may be memory."""
    return _user_folders().user_cache_path


def state_folder() -> Path:
    """Of what was being done; made when the first of it is kept."""
    return _user_folders().user_state_path


def log_folder() -> Path:
    """Of what happened in the last sessions; made when the first of it is written."""
    return _user_folders().user_log_path
