"""The options of `restore`, with their help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.sampler.settings import Preset

BUNDLED_PRIOR_NAME = "compact"
# A standard deviation of one grey level would be invisible in an 8-bit picture of itself.
SPREAD_AMPLIFICATION = 8

SourceArgument = Annotated[
    Path, typer.Argument(help="A JPEG, or a picture that once was one; it is never changed.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        "-o",
        "--output",
        help="The result: .png, .tiff, .webp or .jpg; IMAGE's name and _restored.png if left out.",
    ),
]
PresetOption = Annotated[
    Preset | None, typer.Option(help="Settings that belong together; balanced if left out.")
]
StepsOption = Annotated[int | None, typer.Option(help="Evaluations per sample, 1 to 1000.")]
SamplesOption = Annotated[int | None, typer.Option(help="Samples to average, 1 to 1000.")]
StartOption = Annotated[
    int | None,
    typer.Option(help="Timestep to start from, 1 to 999; follows the file if left out."),
]
CorrectionOption = Annotated[
    str | None,
    typer.Option(
        help="How estimates are made to agree with the levels: bins, paper or an installed one."
    ),
]
CorrectionParametersOption = Annotated[
    list[str] | None,
    typer.Option(
        "--correction-parameter",
        metavar="NAME=VALUE",
        help="A parameter of the correction; repeatable.",
    ),
]
EtaOption = Annotated[float | None, typer.Option(help="Share of new noise per step, 0 to 1.")]
EtaBOption = Annotated[float | None, typer.Option(help="Share of the paper's correction, 0 to 1.")]
SeedOption = Annotated[
    int | None, typer.Option(help="Same seed, same result; 0 to 2^63 - 1, 0 if left out.")
]
PriorOption = Annotated[str, typer.Option(help="compact, an imported prior's name, or a file.")]
DeviceOption = Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")]
QualityOption = Annotated[
    int | None,
    typer.Option(help="Assume this quality factor, 1 to 100, instead of the file's tables."),
]
GridOption = Annotated[
    str | None,
    typer.Option(
        metavar="X,Y",
        help="With --quality: pixels by which its first blocks begin left of and above the "
        "picture, as inspect reports them; 0,0 if left out.",
    ),
]
ChromaSamplingOption = Annotated[
    str | None,
    typer.Option(help="Chroma sampling of a picture that is no JPEG, e.g. 4:2:0."),
]
RegionOption = Annotated[
    str | None,
    typer.Option(
        metavar="X,Y,W,H",
        help="Restore this rectangle only, and write it alone: left, top, width and height in "
        "pixels of the picture as stored.",
    ),
]
SharpnessOption = Annotated[
    float | None,
    typer.Option(
        help="From the mean of the samples (0, safest, if left out) to the first of them (1, "
        "sharpest)."
    ),
]
LikeOption = Annotated[
    Path | None,
    typer.Option(help="Repeat the run that made this result, from its own record."),
]
MetadataPolicyOption = Annotated[
    MetadataPolicy,
    typer.Option("--metadata", help="What of the source's metadata goes into the result."),
]
BitsOption = Annotated[
    int,
    typer.Option(help="Per channel: 8; 16 for PNG and TIFF; 32 for a TIFF of floats, not clipped."),
]
JpegQualityOption = Annotated[int, typer.Option(help="Of a .jpg result, 1 to 100; 4:4:4.")]
SameLevelsOption = Annotated[
    bool,
    typer.Option(
        "--jpeg-same-levels",
        help="Give a .jpg result the source's own tables and sampling: the proof as a file.",
    ),
]
BakeOrientationOption = Annotated[
    bool,
    typer.Option("--bake-orientation", help="Turn the pixels upright instead of saying how to."),
]
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
OverwriteOption = Annotated[bool, typer.Option("--overwrite", help="Replace existing results.")]
