"""Paths of the files that are installed with the program."""

from importlib.resources import files
from pathlib import Path

_ROOT = Path(str(files("resources"))).resolve()
TRANSLATIONS_FOLDER = _ROOT / "translations"
EXAMPLE_IMAGE_PATH = _ROOT / "samples" / "budgie_branch_qf10.jpg"
DESKTOP_FOLDER = _ROOT / "desktop"
THIRD_PARTY_PATH = _ROOT / "licenses" / "THIRD_PARTY.txt"
"""Notices about the works of others, which only a built program has."""
APP_ICON_PATH = DESKTOP_FOLDER / "org.ddrm-restore.app.svg"


def is_installed_file(path: Path) -> bool:
    """Return whether a file was installed with the program, as the sample picture was."""
    return path.resolve().is_relative_to(_ROOT)
