"""The options of `evaluate`, with their help, and what their words mean."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import note
from app.cli.sampler_options import Choices
from app.config.prior_locations import prior_on
from ddrm_core.errors import InvalidSetting
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.sampler.settings import PRESETS, Preset

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.evaluation.plan import Restoring
    from ddrm_core.metrics.lpips import Lpips

PACKAGE = "package:"

Folder = Annotated[
    Path, typer.Argument(metavar="FOLDER", help="Lossless pictures: PNG, TIFF, WebP or BMP.")
]
Output = Annotated[
    Path,
    typer.Option("-o", "--output", help="A folder for the results; started again, it continues."),
]
Qualities = Annotated[str, typer.Option("--quality", help="Quality factors, e.g. 5,10,30.")]
Presets = Annotated[
    str, typer.Option(help="Ways to restore, e.g. fast,balanced; none for the others alone.")
]
Priors = Annotated[
    list[str] | None,
    typer.Option("--prior", help="compact, an imported prior's name, or a file; repeatable."),
]
Operator = Annotated[
    OperatorKind, typer.Option(help="libjpeg, or the authors' simplified encoder.")
]
Pixels = Annotated[
    Protocol, typer.Option("--protocol", help="Whole pictures, or central squares made 256x256.")
]
Decoders = Annotated[
    list[str] | None,
    typer.Option(
        "--decoder",
        metavar="NAME='PROGRAM {in} {out}'",
        help="Another program, measured on the same files; repeatable.",
    ),
]
DecoderSeconds = Annotated[
    float, typer.Option(min=0.1, help="After which such a program is ended, per file.")
]
LpipsSource = Annotated[
    str | None,
    typer.Option(
        "--lpips",
        help="Also measure LPIPS: a file with its weights, or package:alex, package:squeeze or "
        "package:vgg for the package lpips.",
    ),
]
Triptychs = Annotated[
    int,
    typer.Option(min=0, help="Of so many pictures also write original, JPEG and result in a row."),
]
Overwrite = Annotated[
    bool, typer.Option("--overwrite", help="Replace files that are not an earlier evaluation's.")
]


def parse_qualities(text: str) -> tuple[int, ...]:
    """Numbers between commas. Raises InvalidSetting."""
    parts = [part.strip() for part in text.split(",")]
    if not all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts):
        raise InvalidSetting("quality", text, "numbers such as 5,10,30")
    return tuple(int(part) for part in parts)


def parse_presets(text: str) -> tuple[Preset, ...]:
    """Names between commas; none for an empty text or "none". Raises InvalidSetting."""
    names = [part.strip() for part in text.split(",") if part.strip() not in ("", "none")]
    if unknown := [name for name in names if name not in list(Preset)]:
        raise InvalidSetting("presets", unknown[0], ", ".join(Preset))
    return tuple(Preset(name) for name in names)


def restorings(
    presets: tuple[Preset, ...], choices: Choices, priors: list[str], device: str
) -> tuple[Restoring, ...]:
    """Every preset with every prior; priors are named where there are several.

    Raises:
        CoreError: A prior cannot be loaded, a choice is out of range.
    """
    from ddrm_core.evaluation.plan import Restoring

    settings = {preset: choices.over(PRESETS[preset]) for preset in presets}
    found = []
    for name in priors if settings else ():
        prior = prior_on(name, device, note)
        for preset, chosen in settings.items():
            words = preset.value if len(priors) == 1 else f"{preset.value} {prior.info.path.stem}"
            found.append(Restoring(words, prior, chosen))
    return tuple(found)


def lpips_from(text: str | None) -> Lpips | None:
    """Raises UnreadableFile, InvalidSetting."""
    if text is None:
        return None
    from ddrm_core.metrics.lpips import load_lpips, packaged_lpips

    if text.startswith(PACKAGE):
        return packaged_lpips(text.removeprefix(PACKAGE))
    return load_lpips(Path(text))
