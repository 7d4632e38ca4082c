"""Plan of an evaluation: images, quality factors and methods."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues, describe_range
from ddrm_core.errors import InvalidSetting
from ddrm_core.evaluation.decoders import ExternalDecoder
from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.formats.suffixes import JPEG_FILE_SUFFIXES, OTHER_IMAGE_SUFFIXES
from ddrm_core.messages import Message
from ddrm_core.metrics.lpips import LpipsMetric
from ddrm_core.os_errors import reading
from ddrm_core.prior.denoiser import Prior
from ddrm_core.program import __version__
from ddrm_core.sampler.serialization import settings_to_values
from ddrm_core.sampler.settings import SamplerSettings, check_seed

JPEG_METHOD = "JPEG"
"""Name of the method that decodes the compressed image without restoration."""


@dataclass(frozen=True, slots=True, eq=False)
class RestorationMethod:
    """A prior with sampler settings, which counts as two methods of an evaluation.

    The first sample is measured as the method "<name> S", the mean of all samples as "<name> A".

    Attributes:
        name: Name of the method, e.g. that of a preset.
        prior: Prior of the runs.
        sampler_settings: Sampler settings of the runs.
    """

    name: str
    prior: Prior
    sampler_settings: SamplerSettings

    @property
    def sample_name(self) -> str:
        """Method name in rows about the first sample of a run: "<name> S"."""
        return f"{self.name} S"

    @property
    def mean_name(self) -> str:
        """Method name in rows about the mean of a run's samples: "<name> A"."""
        return f"{self.name} A"


@dataclass(frozen=True, slots=True, eq=False)
class EvaluationPlan:
    """The plan of an evaluation: images, quality factors and methods; validated on creation.

    Attributes:
        image_paths: Paths of lossless images.
        qualities: Quality factors, 1 to 100.
        restoration_methods: Priors with sampler settings.
        decoders: External programs that decode JPEGs.
        protocol: Rule by which the pixels that are compressed are taken from an image.
        operator: Encoder that compresses the pixels.
        seed: Seed of every run.
        lpips: LPIPS metric; None if LPIPS is not measured.
    """

    image_paths: tuple[Path, ...]
    qualities: tuple[int, ...]
    restoration_methods: tuple[RestorationMethod, ...]
    decoders: tuple[ExternalDecoder, ...]
    protocol: EvaluationProtocol
    operator: OperatorKind
    seed: int
    lpips: LpipsMetric | None

    def __post_init__(self) -> None:
        """Raise InvalidSetting for the first invalid value."""
        check_seed(self.seed)
        for quality in self.qualities:
            if not 1 <= quality <= 100:
                raise InvalidSetting("quality", quality, describe_range(1, 100))
        if self.decoders and self.operator is OperatorKind.DDRM_PAPER:
            raise InvalidSetting(
                "decoder",
                self.decoders[0].name,
                "none, because the surrogate operator writes no JPEG",
            )
        names = [name for name, _ in self.method_identities]
        for name in names:
            if names.count(name) > 1:
                raise InvalidSetting("method", name, "different names")
        image_names = [image.name for image in self.image_paths]
        if len(set(image_names)) < len(image_names) or len(set(self.qualities)) < len(
            self.qualities
        ):
            raise InvalidSetting(
                "quality",
                self.qualities,
                "images of different names, and different quality factors",
            )

    @property
    def method_identities(self) -> tuple[tuple[str, object], ...]:
        """Method names in rows, each with an identity: prior, settings and seed, or command.

        Two methods with the same name are the same method if their identities are equal.
        """
        identities: list[tuple[str, object]] = [(JPEG_METHOD, None)]
        for r in self.restoration_methods:
            prior_identity = [r.prior.info.sha256, str(r.prior.precision), r.prior.device.type]
            identity = [settings_to_values(r.sampler_settings), prior_identity, self.seed]
            identities += [(r.sample_name, identity), (r.mean_name, identity)]
        identities += [(d.name, d.command) for d in self.decoders]
        return tuple(identities)


@dataclass(frozen=True, slots=True)
class PlannedMeasurement:
    """A planned measurement: one method on one original at one quality factor.

    Attributes:
        image_path: Path of the original.
        quality: The quality factor.
        method_name: Name of the method.
        key: SHA-256 of the original's bytes and of every setting that can change the row. A
            measurement with the key of an existing row need not be made again.
    """

    image_path: Path
    quality: int
    method_name: str
    key: str


def find_lossless_images(folder: Path) -> tuple[Path, ...]:
    """Return the paths of all images in a lossless format in a folder, sorted by name.

    The suffix of a file decides about its format.

    Subfolders are not searched.

    Raises:
        UnreadableFile: If the system cannot list the folder.
        InvalidSetting: If the folder has no such image; in a folder with JPEGs, the error says that
            JPEGs are not originals.
    """
    with reading(folder):
        files = sorted(f for f in folder.iterdir() if f.is_file())
    lossless_images = tuple(f for f in files if f.suffix.lower() in OTHER_IMAGE_SUFFIXES)
    if not lossless_images:
        has_jpegs = any(f.suffix.lower() in JPEG_FILE_SUFFIXES for f in files)
        allowed = AllowedValues.ORIGINALS_NOT_JPEGS if has_jpegs else AllowedValues.ORIGINALS
        endings = ", ".join(OTHER_IMAGE_SUFFIXES)
        raise InvalidSetting("folder", folder, Message(allowed, {"endings": endings}))
    return lossless_images


def plan_measurements(plan: EvaluationPlan, image_path: Path) -> Iterator[PlannedMeasurement]:
    """Yield the measurements of one original, one per quality factor and method.

    Raises:
        UnreadableFile: If the system cannot read the original.
    """
    with reading(image_path):
        original_sha256 = hashlib.sha256(image_path.read_bytes()).hexdigest()
    lpips = None if plan.lpips is None else plan.lpips.weights_id
    common_choices = [__version__, original_sha256, plan.protocol, plan.operator, lpips]
    for quality in plan.qualities:
        for method_name, identity in plan.method_identities:
            choices = json.dumps([*common_choices, quality, method_name, identity], sort_keys=True)
            yield PlannedMeasurement(
                image_path, quality, method_name, hashlib.sha256(choices.encode()).hexdigest()
            )
