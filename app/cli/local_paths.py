"""Check of paths that must be in the file system, where an address of a store is a mistake."""

from __future__ import annotations

from pathlib import Path

from app import COMMAND
from ddrm_core.batch.stores.address import hide_credentials, is_store_address
from ddrm_core.errors import InvalidSetting

_ALLOWED = f"a path of this machine; `{COMMAND} batch` takes addresses as FOLDER and --output"


def check_is_local(name: str, path: Path | str) -> None:
    """Raise InvalidSetting if a path is an address of an object store.

    Args:
        name: Name of the argument or option for the error.
        path: Text of the user, or the path that was made of the text.
    """
    text = str(path)
    if is_store_address(text):
        if "://" not in text:  # a path keeps only one of the slashes
            text = text.replace(":/", "://", 1)
        raise InvalidSetting(name, hide_credentials(text), _ALLOWED)
