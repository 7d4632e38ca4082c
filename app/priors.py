"""Where the priors are: with the program, and in the user's own folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND
from app.resources import BUNDLED_PRIOR

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.prior.library import PriorLibrary


def library() -> PriorLibrary:
    """The user's. Imports torch."""
    import platformdirs

    from ddrm_core.prior.library import PriorLibrary

    folder = Path(platformdirs.user_data_dir(COMMAND, appauthor=False)) / "priors"
    return PriorLibrary(BUNDLED_PRIOR, folder)


def prior_on(name: str, device: str) -> Prior:
    """A prior by its name or file, on a device by its name.

    Raises as `load_prior` and `choose_device`.
    """
    from ddrm_core.prior.checkpoint import load_prior
    from ddrm_core.prior.precision import choose_device

    return load_prior(library().find(name), choose_device(device))
