"""Where the program keeps what is the user's own, and what it may throw away."""

from __future__ import annotations

from pathlib import Path

from platformdirs import PlatformDirs

from app import COMMAND

_USER_FOLDERS = PlatformDirs(COMMAND, appauthor=False)


def config_folder() -> Path:
    """Of what the user has set up; made when the first of it is saved."""
    return _USER_FOLDERS.user_config_path


def data_folder() -> Path:
    """Of the user's own files; made when the first arrives."""
    return _USER_FOLDERS.user_data_path


def cache_folder() -> Path:
    """Of what can be made again; on a disk, where folders for temporary files may be memory."""
    return _USER_FOLDERS.user_cache_path


def state_folder() -> Path:
    """Of what was being done; made when the first of it is kept."""
    return _USER_FOLDERS.user_state_path


def log_folder() -> Path:
    """Of what happened in the last sessions; made when the first of it is written."""
    return _USER_FOLDERS.user_log_path
