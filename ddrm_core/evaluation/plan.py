"""What an evaluation consists of, decided before it begins."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from ddrm_core import __version__
from ddrm_core.errors import InvalidSetting, UnreadableFile
from ddrm_core.evaluation.decoders import Decoder
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.metrics.lpips import Lpips
from ddrm_core.prior.denoiser import Prior
from ddrm_core.sampler.settings import SamplerSettings, check_seed

JPEG = "JPEG"
"""The method that shows the compressed picture itself."""
LOSSLESS = (".png", ".tif", ".tiff", ".webp", ".bmp")
"""Suffixes of pictures that are taken for lossless ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Restoring:
    """A way to restore, measured as S, the first sample, and A, the mean of all.

    Attributes:
        name: E.g. that of a preset.
        prior: The denoiser.
        settings: Of the sampler.
    """

    name: str
    prior: Prior
    settings: SamplerSettings

    @property
    def sample(self) -> str:
        """The method's name for the first sample."""
        return f"{self.name} S"

    @property
    def mean(self) -> str:
        """The method's name for the mean."""
        return f"{self.name} A"


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """An evaluation; an existing object is a valid one.

    Attributes:
        images: Lossless pictures.
        qualities: Quality factors, 1 to 100.
        restorings: Ways to restore.
        decoders: Other programs.
        protocol: Which pixels.
        operator: What compresses them.
        seed: Of every run.
        lpips: The perceptual distance, None for none.
    """

    images: tuple[Path, ...]
    qualities: tuple[int, ...]
    restorings: tuple[Restoring, ...]
    decoders: tuple[Decoder, ...]
    protocol: Protocol
    operator: OperatorKind
    seed: int
    lpips: Lpips | None

    def __post_init__(self) -> None:
        """Raises InvalidSetting for the first choice that cannot be."""
        check_seed(self.seed)
        for quality in self.qualities:
            if not 1 <= quality <= 100:
                raise InvalidSetting("quality", quality, "1 to 100")
        if self.decoders and self.operator is OperatorKind.SURROGATE:
            raise InvalidSetting("decoder", self.decoders[0].name, "none where there is no file")
        names = [name for name, _ in self.methods]
        for name in names:
            if names.count(name) > 1:
                raise InvalidSetting("method", name, "each name once")
        stems = [image.name for image in self.images]
        if len(set(stems)) < len(stems) or len(set(self.qualities)) < len(self.qualities):
            raise InvalidSetting("quality", self.qualities, "each picture and quality factor once")

    @property
    def methods(self) -> tuple[tuple[str, object], ...]:
        """Names, as in rows, with what tells one method from others of that name."""
        found: list[tuple[str, object]] = [(JPEG, None)]
        for r in self.restorings:
            prior = [r.prior.info.sha256, str(r.prior.precision), r.prior.device.type]
            for name in (r.sample, r.mean):
                found.append((name, [asdict(r.settings), prior, self.seed]))
        found += [(d.name, d.command) for d in self.decoders]
        return tuple(found)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that is wanted.

    Attributes:
        image: The original.
        quality: The quality factor.
        method: Its name.
        key: A hash of the original's bytes and of every choice that can change the row. Two rows of
            one key are the same measurement.
    """

    image: Path
    quality: int
    method: str
    key: str


def lossless_images(folder: Path) -> tuple[Path, ...]:
    """The folder's own pictures with a suffix of a lossless format, by name.

    Raises:
        UnreadableFile: The system did not list it.
        InvalidSetting: There is none.
    """
    try:
        files = sorted(f for f in folder.iterdir() if f.suffix.lower() in LOSSLESS and f.is_file())
    except OSError as error:
        raise UnreadableFile(folder, error.strerror or str(error)) from error
    if not files:
        raise InvalidSetting("folder", folder, f"one that holds {', '.join(LOSSLESS)} pictures")
    return tuple(files)


def entries(plan: Plan, image: Path) -> Iterator[Entry]:
    """What is wanted of one original: for each quality factor, one entry per method.

    Raises:
        UnreadableFile: The system did not give its bytes.
    """
    try:
        content = hashlib.sha256(image.read_bytes()).hexdigest()
    except OSError as error:
        raise UnreadableFile(image, error.strerror or str(error)) from error
    lpips = None if plan.lpips is None else plan.lpips.identity
    common = [__version__, content, plan.protocol, plan.operator, lpips]
    for quality in plan.qualities:
        for name, identity in plan.methods:
            choices = json.dumps([*common, quality, name, identity], sort_keys=True)
            yield Entry(image, quality, name, hashlib.sha256(choices.encode()).hexdigest())
