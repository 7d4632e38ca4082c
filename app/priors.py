"""Where the priors are: with the program, and in the user's own folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND
from app.resources import BUNDLED_PRIOR

if TYPE_CHECKING:
    from ddrm_core.prior.library import PriorLibrary


def library() -> PriorLibrary:
    """The user's. Imports torch."""
    import platformdirs

    from ddrm_core.prior.library import PriorLibrary

    folder = Path(platformdirs.user_data_dir(COMMAND, appauthor=False)) / "priors"
    return PriorLibrary(BUNDLED_PRIOR, folder)
