"""Where the priors are: with the program, in the user's own folder, or published."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import data_folder
from app.config.resources import BUNDLED_PRIOR_PATH
from app.i18n.error_messages import message_from_error
from ddrm_core.errors import PriorNotInstalled
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS, PublishedPrior

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.prior.store.library import PriorLibrary


def prior_folder() -> Path:
    """Where the user's are kept; made when the first arrives."""
    return data_folder() / "priors"


def existing_ancestor(folder: Path) -> Path:
    """The folder, or the nearest one around it that is there already."""
    return next((p for p in (folder, *folder.parents) if p.is_dir()), folder)


def downloads_folder() -> Path:
    """Where downloads arrive: not among the priors that are whole."""
    return prior_folder() / "downloads"


def create_prior_library() -> PriorLibrary:
    """The user's. Imports torch."""
    from ddrm_core.prior.store.library import PriorLibrary

    return PriorLibrary(BUNDLED_PRIOR_PATH, prior_folder())


def list_published_priors() -> tuple[PublishedPrior, ...]:
    """Those that can be downloaded."""
    return PUBLISHED_PRIORS


def find_published_prior(name: str) -> PublishedPrior | None:
    """What is known of a published prior by its name."""
    return next((p for p in list_published_priors() if p.name == name), None)


def is_prior_imported(name: str) -> bool:
    """Whether a prior of this name is in the user's folder. Imports torch."""
    prior_library = create_prior_library()
    return prior_library.find_file(name).parent == prior_library.folder


def find_prior_file(name: str) -> Path:
    """The file of a prior by its name, or `name` as a path where no prior is called so.

    Raises:
        PriorNotInstalled: If the prior is published, but neither downloaded nor imported.
    """
    path, published = create_prior_library().find_file(name), find_published_prior(name)
    if published is not None and not path.exists():
        raise PriorNotInstalled(name, published.size_bytes, published.license)
    return path


def load_prior_by_name(name: str, device_name: str, warn: Callable[[str], None]) -> Prior:
    """A prior by its name or file, on a device by its name.

    Args:
        name: Of the prior, or its file.
        device_name: As `choose_device` wants it.
        warn: Told in a line where it is on another device than it should be.

    Raises as `load_prior_with_fallback` and `find_prior_file`.
    """
    from ddrm_core.prior.checkpoint import load_prior_with_fallback

    prior, fallback_error = load_prior_with_fallback(find_prior_file(name), device_name)
    if fallback_error is not None:
        warn(f"{message_from_error(fallback_error).title}: going on with the CPU")
    return prior
