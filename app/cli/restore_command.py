"""`ddrm-restore restore`: one image, without a window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.cli import options
from app.cli.console import failures_reported, note
from app.cli.execute_run import carry_out
from app.cli.output_files import Outputs
from app.cli.sampler_options import Choices, check_spread
from app.config.prior_locations import prior_on
from app.i18n.formatting import damage_words, estimate_words
from ddrm_core.errors import InvalidSetting
from ddrm_core.metadata.policy import MetadataPolicy
from ddrm_core.sampler.settings import check_seed

if TYPE_CHECKING:  # import torch, which wrong usage should not wait for
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.restoration.input import Assumption, Source

DEFAULT_MEGAPIXELS = 178
DEFAULT_JPEG_QUALITY = 95


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked of the run besides; None follows the record or the file."""

    choices: Choices
    seed: int | None
    prior: str
    device: str
    quality: int | None
    grid: tuple[int, int] | None
    sampling: str | None
    like: Path | None
    region: tuple[int, ...] | None
    sharpness: float | None


def restore(
    image: options.Source,
    output: options.Output = None,
    preset: options.PresetName = None,
    steps: options.Steps = None,
    samples: options.Samples = None,
    start: options.Start = None,
    correction: options.Correction = None,
    eta: options.Eta = None,
    eta_b: options.EtaB = None,
    seed: options.Seed = None,
    prior: options.Prior = options.BUNDLED_NAME,
    device: options.Device = "auto",
    quality: options.Quality = None,
    grid: options.Grid = None,
    sampling: options.Sampling = None,
    region: options.Region = None,
    sharpness: options.Sharpness = None,
    like: options.Like = None,
    metadata: options.Policy = MetadataPolicy.ALL,
    bits: options.Bits = 8,
    jpeg_quality: options.JpegQuality = DEFAULT_JPEG_QUALITY,
    jpeg_same_levels: options.SameLevels = False,
    bake_orientation: options.Bake = False,
    spread: options.Spread = None,
    samples_dir: options.SamplesFolder = None,
    tolerate_damage: options.TolerateDamage = False,
    max_megapixels: options.MaxMegapixels = DEFAULT_MEGAPIXELS,
    overwrite: options.Overwrite = False,
) -> None:
    """Restore one picture."""
    with failures_reported():
        choices = Choices(preset, steps, samples, start, correction, eta, eta_b)
        place, rectangle = _parse_grid(grid), _parse_region(region)
        wish = _Wish(
            choices, seed, prior, device, quality, place, sampling, like, rectangle, sharpness
        )
        _check_usage(wish, wants_spread=spread is not None)
        # Reading first: what is wrong with the file is said before a prior is loaded.
        from ddrm_core.restoration.input import open_source

        source = open_source(
            image, tolerate_damage=tolerate_damage, max_pixels=max_megapixels * 1_000_000
        )
        from ddrm_core.export.deliver import DeliverySettings

        delivery = DeliverySettings(
            bits, metadata, bake_orientation, jpeg_quality, jpeg_same_levels
        )
        outputs = Outputs(image, output, spread, samples_dir, overwrite)
        _restore(source, wish, outputs, delivery)


def _parse_grid(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 2 or not all(p.isascii() and p.isdecimal() and len(p) < 4 for p in parts):
        raise InvalidSetting("grid", text, "two numbers such as 3,5")
    return int(parts[0]), int(parts[1])


def _parse_region(text: str | None) -> tuple[int, ...] | None:
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 4 or not all(p.isascii() and p.isdecimal() and len(p) < 7 for p in parts):
        raise InvalidSetting("region", text, "four whole numbers such as 200,100,640,480")
    return tuple(map(int, parts))


def _check_usage(wish: _Wish, *, wants_spread: bool) -> None:
    """Raises InvalidSetting for what can be known to be wrong before a file is read."""
    check_seed(wish.seed or 0)
    preset = wish.choices.preset
    settings = wish.choices.settings()
    if wish.like is not None and preset is not None:
        raise InvalidSetting("preset", preset, "left out together with --like")
    if wish.sharpness is not None and not 0 <= wish.sharpness <= 1:
        raise InvalidSetting("sharpness", wish.sharpness, "0 to 1")
    if wish.like is None and wants_spread:
        check_spread(settings)


def _restore(source: Source, wish: _Wish, outputs: Outputs, delivery: DeliverySettings) -> None:
    from ddrm_core.export.replay import (
        assumption_in,
        check_prior,
        read_record,
        region_in,
        settings_in,
    )
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.restoration.input import Assumption, measure
    from ddrm_core.restoration.run import check_region, make_run

    assumption = Assumption(wish.quality, wish.grid, wish.sampling)
    settings, seed = wish.choices.settings(), wish.seed or 0
    record = None if wish.like is None else read_record(wish.like)
    region = None if wish.region is None else Rectangle(*wish.region)
    sharpness, sample = wish.sharpness, 1
    if record is not None:
        region = region or region_in(record)
        sharpness = record.sharpness if sharpness is None else sharpness
        sample = record.sample
        settings = wish.choices.over(settings_in(record))
        assumption = _first_given(assumption, assumption_in(record, source))
        seed = record.seed if wish.seed is None else wish.seed
    image = measure(source, assumption)
    _say_what_was_read(source, assumption)
    check_region(region, image)
    delivery = replace(delivery, sharpness=sharpness or 0.0, sample=sample)
    count = settings.samples if outputs.samples else 0
    picture = outputs.check(image, delivery, count, region)
    prior = prior_on(wish.prior, wish.device, note)
    if record is not None and wish.like is not None:
        check_prior(record, prior, wish.like)
    run = make_run(image, prior, settings, seed=seed, region=region)
    carry_out(run, outputs, picture, delivery, counted="levels")


def _first_given(given: Assumption, recorded: Assumption) -> Assumption:
    return replace(
        recorded,
        quality=recorded.quality if given.quality is None else given.quality,
        grid=given.grid or recorded.grid,
        sampling=given.sampling or recorded.sampling,
    )


def _say_what_was_read(source: Source, assumption: Assumption) -> None:
    """What the user has to know of a file that is no whole JPEG."""
    from ddrm_core.jpeg.image import JpegImage

    if isinstance(source, JpegImage):
        if source.damage is not None:
            note(f"{source.path} is damaged: {damage_words(source.damage.words)}")
    elif source.earlier is not None and assumption.quality is None:
        note(f"{source.path} is no JPEG: {estimate_words(source.earlier)}")
