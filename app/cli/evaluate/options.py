"""The options of `evaluate` and the parsers of their values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_note
from app.cli.options import shared
from app.cli.options.compute import NO_COMPUTE_OPTIONS, ComputeOptions
from app.cli.options.sampler import SamplerChanges
from app.config.prior_locations import load_prior_by_name
from ddrm_core.errors import InvalidSetting
from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.prior.store.packaged import find_packaged_prior
from ddrm_core.sampler.settings import PRESETS, Preset

if TYPE_CHECKING:  # loads torch; usage errors are reported without it
    from ddrm_core.evaluation.plan import RestorationMethod
    from ddrm_core.metrics.lpips import LpipsMetric

LPIPS_PACKAGE_PREFIX = "package:"


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluateOptions:
    """The arguments of `evaluate`, in the order of its help."""

    folder: Annotated[
        Path,
        typer.Argument(metavar="FOLDER", help="Folder of lossless images: PNG, TIFF, WebP or BMP."),
    ]
    output: Annotated[
        Path,
        typer.Option(
            "-o",
            "--output",
            help="Folder for the results; an evaluation that was stopped is continued from it.",
        ),
    ]
    quality: Annotated[
        str, typer.Option(help="Quality factors of the compressed images, 1 to 100.")
    ] = "5,10,30"
    presets: Annotated[
        str,
        typer.Option(
            help="Presets to evaluate, such as fast,balanced; none evaluates the decoders alone."
        ),
    ] = "balanced"
    changes: SamplerChanges
    seed: shared.SeedOption = None
    prior: Annotated[
        list[str] | None,
        typer.Option(
            help="Prior: compact, the name of an imported prior, or a file; repeatable; default:"
            " the prior that each preset names, otherwise ffdnet-color where its package is"
            " installed."
        ),
    ] = None
    device: shared.DeviceOption = "auto"
    compute: ComputeOptions = NO_COMPUTE_OPTIONS
    operator: Annotated[
        OperatorKind,
        typer.Option(
            help="Encoder that compresses the images: libjpeg, or the simplified one of the paper's"
            " authors (surrogate)."
        ),
    ] = OperatorKind.LIBJPEG
    protocol: Annotated[
        EvaluationProtocol,
        typer.Option(
            help="Pixels that are compressed: whole images, or their central squares scaled to"
            " 256x256 (paper256)."
        ),
    ] = EvaluationProtocol.WHOLE_IMAGE
    decoder: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME='PROGRAM {in} {out}'",
            help="Another program that decodes the same files for comparison; repeatable.",
        ),
    ] = None
    decoder_seconds: Annotated[
        float,
        typer.Option(min=0.1, help="Time limit of a program of --decoder per file, in seconds."),
    ] = 300.0
    lpips: Annotated[
        str | None,
        typer.Option(
            help="Also measure LPIPS with the weights in this file, or with those of the installed"
            " package lpips: package:alex, package:squeeze or package:vgg."
        ),
    ] = None
    triptychs: Annotated[
        int,
        typer.Option(
            min=0,
            help="Number of images for which a row of original, JPEG and result is also written.",
        ),
    ] = 0
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing files that no evaluation wrote.")
    ] = False


def parse_qualities(text: str) -> tuple[int, ...]:
    """Return the quality factors in a comma-separated list.

    Raises:
        InvalidSetting: If a part is not a number of at most three digits.
    """
    parts = [part.strip() for part in text.split(",")]
    if not all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts):
        raise InvalidSetting("quality", text, "numbers such as 5,10,30")
    return tuple(int(part) for part in parts)


def parse_presets(text: str) -> tuple[Preset, ...]:
    """Return the presets in a comma-separated list; an empty text or "none" means no preset.

    Raises:
        InvalidSetting: If a name is not that of a preset.
    """
    names = [part.strip() for part in text.split(",") if part.strip() not in ("", "none")]
    if unknown := [name for name in names if name not in list(Preset)]:
        raise InvalidSetting("presets", unknown[0], ", ".join(Preset))
    return tuple(Preset(name) for name in names)


def create_restoration_methods(
    presets: tuple[Preset, ...],
    changes: SamplerChanges,
    prior_names: Sequence[str],
    device_name: str,
) -> tuple[RestorationMethod, ...]:
    """Return one restoration method for each combination of a preset and a prior.

    Without `prior_names`, each preset has one method with its own prior. The name of a method is
    that of its preset; with several `prior_names`, the prior's name is added.

    Raises:
        CoreError: If a prior cannot be loaded or a setting is out of range.
    """
    from ddrm_core.evaluation.plan import RestorationMethod

    settings = {preset: changes.apply_to(PRESETS[preset]) for preset in presets}
    pairs = [(preset, name) for name in prior_names for preset in settings]
    if not prior_names:
        pairs = list(shared.choose_preset_priors(presets).items())
    priors = {
        name: load_prior_by_name(name, device_name, print_note)
        for name in dict.fromkeys(name for _, name in pairs)
    }
    methods = []
    for preset, name in pairs:
        method_name = preset.value
        if len(prior_names) > 1:
            is_packaged = find_packaged_prior(name) is not None
            method_name += f" {name if is_packaged else priors[name].info.path.stem}"
        methods.append(RestorationMethod(method_name, priors[name], settings[preset]))
    return tuple(methods)


def load_lpips_from_option(text: str | None) -> LpipsMetric | None:
    """Load the LPIPS metric that the option `--lpips` names; return None without the option.

    Raises UnreadableFile if the file of weights cannot be read, and InvalidSetting if the option
    names unknown weights.
    """
    if text is None:
        return None
    from ddrm_core.metrics.lpips import load_lpips, load_packaged_lpips

    if text.startswith(LPIPS_PACKAGE_PREFIX):
        return load_packaged_lpips(text.removeprefix(LPIPS_PACKAGE_PREFIX))
    return load_lpips(Path(text))
