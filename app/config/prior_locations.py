"""Where the priors are: with the program, in the user's own folder, or published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app import COMMAND
from app.config.resources import BUNDLED_PRIOR
from app.i18n.error_messages import message_for
from ddrm_core.errors import PriorNotHere
from ddrm_core.prior.store.registry import PUBLISHED, PublishedPrior

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.prior.store.library import PriorLibrary


def prior_folder() -> Path:
    """Where the user's are kept; made when the first arrives."""
    import platformdirs

    return Path(platformdirs.user_data_dir(COMMAND, appauthor=False)) / "priors"


def nearest_folder(folder: Path) -> Path:
    """The folder, or the nearest one around it that is there already."""
    return next((p for p in (folder, *folder.parents) if p.is_dir()), folder)


def downloads_folder() -> Path:
    """Where downloads arrive: not among the priors that are whole."""
    return prior_folder() / "downloads"


def library() -> PriorLibrary:
    """The user's. Imports torch."""
    from ddrm_core.prior.store.library import PriorLibrary

    return PriorLibrary(BUNDLED_PRIOR, prior_folder())


def published_priors() -> tuple[PublishedPrior, ...]:
    """Those that can be downloaded."""
    return PUBLISHED


def published_prior(name: str) -> PublishedPrior | None:
    """What is known of a published prior by its name."""
    return next((p for p in published_priors() if p.name == name), None)


def is_imported(name: str) -> bool:
    """Whether a prior of this name is in the user's folder. Imports torch."""
    here = library()
    return here.find(name).parent == here.folder


def find_prior(name: str) -> Path:
    """The file of a prior by its name, or `name` as a path where no prior is called so.

    Raises:
        PriorNotHere: It is a published one that was not downloaded or imported.
    """
    path, published = library().find(name), published_prior(name)
    if published is not None and not path.exists():
        raise PriorNotHere(name, published.bytes, published.licence)
    return path


def prior_on(name: str, device: str, say: Callable[[str], None]) -> Prior:
    """A prior by its name or file, on a device by its name.

    Args:
        name: Of the prior, or its file.
        device: As `choose_device` wants it.
        say: Told in a line where it is on another device than it should be.

    Raises as `load_where_it_fits` and `find_prior`.
    """
    from ddrm_core.prior.checkpoint import load_where_it_fits

    prior, reason = load_where_it_fits(find_prior(name), device)
    if reason is not None:
        say(f"{message_for(reason).title}: going on with the CPU")
    return prior
