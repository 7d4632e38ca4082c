"""Locations of bundled, imported and published priors."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import data_folder
from app.i18n.error_messages import message_from_error
from app.i18n.formatting import unused_accelerator_text
from ddrm_core.errors import InsufficientMemory, PriorNotInstalled, UnknownPrior
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.packaged import (
    FFDNET_COLOR,
    PackagedPriorUnavailable,
    find_packaged_file,
    find_packaged_prior,
)
from ddrm_core.prior.store.registry import PUBLISHED_PRIORS, PublishedPrior

if TYPE_CHECKING:
    from ddrm_core.prior.denoiser import Prior
    from ddrm_core.prior.store.library import PriorLibrary


PREFERRED_PRIOR_NAME = FFDNET_COLOR.name
"""Name of the prior that is used by default where it is installed."""


@dataclass(frozen=True, slots=True)
class DefaultPrior:
    """The prior that is used if the user names none.

    Attributes:
        name: Name of the prior.
        fallback_error: Error because of which the bundled prior takes the place of the preferred
            one; None for the preferred prior itself.
    """

    name: str
    fallback_error: PackagedPriorUnavailable | None = None


def prior_folder() -> Path:
    """Return the folder of imported priors; it may not exist yet."""
    return data_folder() / "priors"


def existing_ancestor(folder: Path) -> Path:
    """Return `folder` if it exists, or else its nearest ancestor that exists."""
    return next((p for p in (folder, *folder.parents) if p.is_dir()), folder)


def downloads_folder() -> Path:
    """Return the folder of partial downloads of priors.

    Only complete priors are in the folder of imported priors itself.
    """
    return prior_folder() / "downloads"


def create_prior_library() -> PriorLibrary:
    """Return the prior library: the bundled prior and the user's imported priors.

    The first call imports torch, which takes seconds.
    """
    from ddrm_core.prior.store.library import PriorLibrary

    return PriorLibrary(BUNDLED_PRIOR_PATH, prior_folder())


def list_published_priors() -> tuple[PublishedPrior, ...]:
    """Return the descriptions of all priors that the program can download."""
    return PUBLISHED_PRIORS


def find_published_prior(name: str) -> PublishedPrior | None:
    """Return the description of a published prior, None if no published prior has this name."""
    return next((p for p in list_published_priors() if p.name == name), None)


def find_prior_file(name: str) -> Path:
    """Return the file of the prior named `name`.

    If no prior has this name, `name` is taken as the path of a file.

    Raises:
        PriorNotInstalled: If `name` is a published prior that is not installed.
        PackagedPriorUnavailable: If `name` is a packaged prior without its package.
    """
    packaged = find_packaged_prior(name)
    if packaged is not None:
        return find_packaged_file(packaged)
    path, published = create_prior_library().find_file(name), find_published_prior(name)
    if published is not None and not path.exists():
        raise PriorNotInstalled(name, published.size_bytes, published.license)
    return path


def find_installed_prior(name: str) -> Path:
    """Return the file of the bundled, packaged or imported prior `name`; paths are no names.

    Raises:
        PriorNotInstalled: If `name` is a published prior that is not installed.
        PackagedPriorUnavailable: If `name` is a packaged prior without its package.
        UnknownPrior: If `name` is neither an installed nor a published prior.
    """
    path = find_prior_file(name)
    if path == Path(name):  # the prior library has no prior of this name
        raise UnknownPrior(name)
    return path


def is_prior_installed(name: str) -> bool:
    """Return whether a bundled, packaged or imported prior has this name.

    The first call imports torch, which takes seconds.
    """
    try:
        find_installed_prior(name)
    except (PriorNotInstalled, PackagedPriorUnavailable, UnknownPrior):
        return False
    return True


def find_preferred_prior_name() -> str | None:
    """Return the name of the preferred prior, whether installed or not; None for the bundled."""
    return None if BUNDLED_PRIOR_PATH.stem == PREFERRED_PRIOR_NAME else PREFERRED_PRIOR_NAME


def find_default_prior() -> DefaultPrior:
    """Return the prior that is used if the user names none.

    The preferred prior is checked: if it cannot be used, the bundled prior takes its place.
    """
    packaged = find_packaged_prior(PREFERRED_PRIOR_NAME)
    if packaged is not None:
        try:
            find_packaged_file(packaged)
        except PackagedPriorUnavailable as error:
            return DefaultPrior(BUNDLED_PRIOR_PATH.stem, error)
    return DefaultPrior(PREFERRED_PRIOR_NAME)


def load_prior_with_cpu_fallback(
    name: str, device_name: str
) -> tuple[Prior, InsufficientMemory | None]:
    """Load the prior with a name, or from a file; see `load_with_cpu_fallback`.

    Raises the errors of `PriorLibrary.load` and `find_prior_file`.
    """
    from ddrm_core.prior.checkpoint import load_with_cpu_fallback

    find_prior_file(name)
    return load_with_cpu_fallback(partial(create_prior_library().load, name), device_name)


def load_prior_by_name(name: str, device_name: str, warn: Callable[[str], None]) -> Prior:
    """Load a prior on a device.

    Args:
        name: Name or file of the prior.
        device_name: Device name for `choose_device`.
        warn: Function that is called with a line of text if `auto` stands for the CPU although
            the machine has a GPU: for lack of memory, or because torch cannot use the GPU.

    Raises the errors of `load_prior_with_cpu_fallback`.
    """
    prior, fallback_error = load_prior_with_cpu_fallback(name, device_name)
    if fallback_error is not None:
        warn(f"{message_from_error(fallback_error).title}: going on with the CPU")
    elif device_name == "auto":
        from ddrm_core.device.accelerators import find_unused_accelerator

        accelerator = find_unused_accelerator()
        if accelerator is not None:
            warn(unused_accelerator_text(accelerator))
    return prior
