"""`ddrm-restore restore`: one image, without a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import failures_reported, run_with_progress
from app.resources import BUNDLED_PRIOR
from app.words import percent
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting
from ddrm_core.output import check_output, write_atomically
from ddrm_core.sampler.settings import (
    PRESETS,
    CorrectionKind,
    Preset,
    SamplerSettings,
    check_seed,
)

if TYPE_CHECKING:  # imports torch, which wrong usage should not wait for
    from ddrm_core.restore import Restoration

BUNDLED_NAME = "compact"
# A standard deviation of one grey level would be invisible in an 8-bit picture of itself.
SPREAD_GAIN = 8


@dataclass(frozen=True, slots=True)
class _Outputs:
    """Where the results go; checked before the run."""

    source: Path
    picture: Path
    spread: Path | None
    samples: Path | None
    bits: int
    overwrite: bool

    def sample(self, number: int) -> Path | None:
        """The file for a sample, counted from 1."""
        suffix = self.picture.suffix
        name = f"{self.source.stem}_sample_{number:03d}{suffix}"
        return None if self.samples is None else self.samples / name

    def check(self, count: int) -> None:
        """Raises for the first output that could not be written."""
        from ddrm_core.image import check_format

        wanted = [self.picture, self.spread, *(self.sample(n + 1) for n in range(count))]
        for path in wanted:
            if path is not None:
                check_output(path, source=self.source, overwrite=self.overwrite)
                check_format(path, bits=self.bits)


def restore(
    image: Annotated[Path, typer.Argument(help="A JPEG file; it is never changed.")],
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="The result; IMAGE's name and _restored.png if left out."
        ),
    ] = None,
    preset: Annotated[
        Preset, typer.Option(help="Settings that belong together.")
    ] = Preset.BALANCED,
    steps: Annotated[int | None, typer.Option(help="Evaluations per sample, 1 to 1000.")] = None,
    samples: Annotated[int | None, typer.Option(help="Samples to average, 1 to 1000.")] = None,
    start: Annotated[
        int | None,
        typer.Option(help="Timestep to start from, 1 to 999; follows the file if left out."),
    ] = None,
    correction: Annotated[
        CorrectionKind | None, typer.Option(help="How estimates are made to agree with the levels.")
    ] = None,
    eta: Annotated[float | None, typer.Option(help="Share of new noise per step, 0 to 1.")] = None,
    eta_b: Annotated[
        float | None, typer.Option(help="Share of the paper's correction, 0 to 1.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Same seed, same result; 0 to 2^63 - 1.")] = 0,
    prior: Annotated[str, typer.Option(help="compact, or a prior's file.")] = BUNDLED_NAME,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:N or mps.")] = "auto",
    quality: Annotated[
        int | None,
        typer.Option(help="Assume this quality factor, 1 to 100, instead of the file's tables."),
    ] = None,
    spread: Annotated[
        Path | None,
        typer.Option(help=f"Also write the spread over samples, {SPREAD_GAIN} times enlarged."),
    ] = None,
    samples_dir: Annotated[
        Path | None, typer.Option(help="Also write every sample into this folder.")
    ] = None,
    bits: Annotated[
        int, typer.Option(help="8 for PNG; 32 for a float TIFF, neither rounded nor clipped.")
    ] = 8,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing results.")
    ] = False,
) -> None:
    """Restore one JPEG."""
    with failures_reported():
        settings = _settings(preset, steps, samples, start, correction, eta, eta_b)
        check_seed(seed)
        if spread is not None and settings.samples < 2:
            raise InvalidSetting("samples", settings.samples, "2 or more for a spread")
        suffix = ".png" if bits == 8 else ".tiff"
        default = image.with_name(f"{image.stem}_restored{suffix}")
        outputs = _Outputs(image, output or default, spread, samples_dir, bits, overwrite)
        _restore(image, outputs, settings, seed, prior, device, quality)


def _settings(
    preset: Preset,
    steps: int | None,
    samples: int | None,
    start: int | None,
    correction: CorrectionKind | None,
    eta: float | None,
    eta_b: float | None,
) -> SamplerSettings:
    """The preset with whatever was given in its place."""
    base = PRESETS[preset]
    return replace(
        base,
        steps=base.steps if steps is None else steps,
        samples=base.samples if samples is None else samples,
        start=base.start if start is None else start,
        correction=correction or base.correction,
        eta=base.eta if eta is None else eta,
        eta_b=base.eta_b if eta_b is None else eta_b,
    )


def _restore(
    path: Path,
    outputs: _Outputs,
    settings: SamplerSettings,
    seed: int,
    prior_name: str,
    device: str,
    quality: int | None,
) -> None:
    # Reading first: what is wrong with the file is said before torch has been imported.
    from ddrm_core.jpeg.coefficients import read_jpeg

    image = read_jpeg(path)
    from ddrm_core.jpeg.assumed import assume_quality
    from ddrm_core.prior.checkpoint import load_prior
    from ddrm_core.prior.precision import choose_device
    from ddrm_core.restore import restore as restore_run
    from ddrm_core.run import make_run

    outputs.check(settings.samples if outputs.samples else 0)
    if quality is not None:
        image = assume_quality(image, quality)
    file = BUNDLED_PRIOR if prior_name == BUNDLED_NAME else Path(prior_name)
    run = make_run(image, load_prior(file, choose_device(device)), settings, seed=seed)
    steps = restore_run(run, CancelToken(), keep_samples=outputs.samples is not None)
    result = run_with_progress(path.name, steps)
    _write(result, outputs)
    typer.echo(_summary(result, outputs))


def _write(result: Restoration, outputs: _Outputs) -> None:
    from ddrm_core.image import encode_picture

    pictures = [(outputs.picture, result.picture)]
    if outputs.spread is not None and result.spread is not None:
        gain = SPREAD_GAIN if outputs.bits == 8 else 1
        pictures.append((outputs.spread, result.spread * gain))
    for number, sample in enumerate(result.samples, 1):
        target = outputs.sample(number)
        if target is not None:
            pictures.append((target, sample))
    for target, picture in pictures:
        metadata = result.run.image.metadata
        data = encode_picture(picture, target, bits=outputs.bits, metadata=metadata)
        write_atomically(target, data)


def _summary(result: Restoration, outputs: _Outputs) -> str:
    from ddrm_core.restore import verify_as_saved

    run, before = result.run, result.consistency
    words = f"{percent(before.inside)} of levels in their bins"
    if outputs.bits == 8:
        after = verify_as_saved(result, bits=outputs.bits).consistency
        words += f" before rounding, {percent(after.inside)} as saved"
    return (
        f"{outputs.picture}: {words} (slack {before.slack:g} grey levels);"
        f" {result.evaluations} evaluations in {result.seconds:.1f} s, start {run.start},"
        f" seed {run.seed}"
    )
