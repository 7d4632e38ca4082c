"""Options that several commands share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from ddrm_core.formats.defaults import MAX_PIXELS
from ddrm_core.sampler.settings import check_seed

BUNDLED_PRIOR_NAME = "compact"
# An unamplified standard deviation of one gray level would be invisible in an 8-bit image.
SPREAD_AMPLIFICATION = 8
DEFAULT_MAX_MEGAPIXELS = MAX_PIXELS // 1_000_000

SeedOption = Annotated[
    int | None, typer.Option(help="Same seed, same result; 0 to 2^63 - 1, 0 if left out.")
]
PriorOption = Annotated[str, typer.Option(help="compact, an imported prior's name, or a file.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]
SpreadOption = Annotated[
    Path | None,
    typer.Option(
        help=f"Also write the spread over samples, {SPREAD_AMPLIFICATION} times enlarged."
    ),
]
SamplesFolderOption = Annotated[
    Path | None, typer.Option("--samples-dir", help="Also write every sample into this folder.")
]
TolerateDamageOption = Annotated[
    bool,
    typer.Option(
        "--tolerate-damage",
        help="Restore what can be read of a damaged file, and leave the rest as decoded.",
    ),
]
MaxMegapixelsOption = Annotated[
    int, typer.Option(min=1, help="Refuse pictures that claim more, in millions of pixels.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one JSON document and nothing else.")
]
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace existing results.")]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunOptions:
    """The options of a run besides the sampler's settings.

    Attributes:
        seed: Seed that was given, None for none.
        prior: Name or file of the prior.
        device: Name of the device.
    """

    seed: SeedOption = None
    prior: PriorOption = BUNDLED_PRIOR_NAME
    device: DeviceOption = "auto"

    def __post_init__(self) -> None:
        """Raise InvalidSetting if the seed is out of range."""
        check_seed(self.seed or 0)
