"""`ddrm-restore restore`: restores one image or several."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from app.cli.console import ExitStatus, print_note
from app.cli.inputs.input_options import InputImage
from app.cli.inputs.targets import plan_targets
from app.cli.options.declaration import parse_whole_numbers
from app.cli.options.sampler import check_spread
from app.cli.restore.image_restorer import CommandPrior, ImageRestorer
from app.cli.restore.options import RestoreOptions
from app.cli.run_events import write_end, write_start
from ddrm_core.batch.name_template import CUSTOM_NAME, DEFAULT_TEMPLATE
from ddrm_core.batch.outcome import FileState
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import choose_default_suffix
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings, find_preset


def restore(options: RestoreOptions) -> None:
    """Restore one image or several.

    With several images, one that cannot be restored does not end the command.
    """
    with options.follow.start():
        failed_count = _restore_or_plan(options)
    if failed_count:
        raise typer.Exit(ExitStatus.FAILED)


def _restore_or_plan(options: RestoreOptions) -> int:
    """Restore the images, or print the plan of a dry run, and return the number of failed ones."""
    began = time.monotonic()
    restorer = _create_restorer(options)
    if options.follow.dry_run:
        from app.cli.run.dry_run import RestorePlan  # loads torch

        restorer = replace(restorer, plan=RestorePlan())
    with options.inputs.open_images() as images:
        output = None if options.output is None else Path(options.output)
        write_start("restore", len(images), output)
        try:
            _restore_images(options, restorer, images)
        finally:
            if restorer.plan is None:
                write_end(restorer.counts, restorer.failures, time.monotonic() - began)
        if restorer.plan is not None:
            place = images[0].path if output is None and images else output or Path()
            restorer.plan.print_end(restorer.prior.context, place)
    return restorer.counts[FileState.FAILED]


def _create_restorer(options: RestoreOptions) -> ImageRestorer:
    """Check the options and return a restorer of their images.

    Raises:
        InvalidSetting: If an option is invalid.
    """
    region, settings = None, None
    if options.region is not None:
        region = _parse_rectangle("region", options.region)
    kept_areas = tuple(_parse_rectangle("keep", text) for text in options.keep or ())
    if options.like is None:
        settings = options.sampler.to_settings()
        check_spread(options.spread, settings)
    elif options.sampler.preset is not None:
        raise InvalidSetting("preset", options.sampler.preset, "left out together with --like")
    options.check_assumption()
    options.check_paths()
    return ImageRestorer(options, settings, region, kept_areas, CommandPrior(options))


def _restore_images(
    options: RestoreOptions, restorer: ImageRestorer, images: Sequence[InputImage]
) -> None:
    # Files are read first, so that their errors are reported before a prior is loaded.
    if not options.inputs.may_be_several:
        restorer.restore_image(images[0])
        return
    if not images:
        print_note("the list has no images")
    naming = _create_naming(options, restorer.settings, restorer.prior)
    targets = plan_targets(images, options.output, naming, suffix=options.suffix)
    restorer.restore_images(list(zip(images, targets, strict=True)))


def _create_naming(
    options: RestoreOptions, settings: SamplerSettings | None, prior: CommandPrior
) -> OutputNaming:
    """Return the naming rule of the results of several images.

    Args:
        options: Options of the command.
        settings: Sampler settings; None for those in the run record of the option `--like`.
        prior: Prior of all images.

    Raises the errors of `read_run_record` and `CommandPrior.choose_name`.
    """
    record, seed = None, options.run.seed or 0
    if options.like is not None:
        from ddrm_core.export.replay import read_run_record

        record = read_run_record(options.like)
        settings = options.sampler.changes.apply_to(record.sampler, options.like)
        seed = record.seed if options.run.seed is None else seed
    assert settings is not None  # only a run record takes their place
    return OutputNaming(
        DEFAULT_TEMPLATE,
        options.suffix or choose_default_suffix(options.export),
        preset_name=find_preset(settings) or CUSTOM_NAME,
        seed=seed,
        prior_name=Path(prior.choose_name(record)).name.removesuffix(".safetensors"),
        assumed_quality=options.assumption.get("quality"),
    )


def _parse_rectangle(name: str, text: str) -> Rectangle:
    """Return the rectangle in the value of an option such as "200,100,640,480".

    Raise InvalidSetting if the text is not a list of four integers; `name` is the option's name.
    """
    example = "four whole numbers such as 200,100,640,480"
    return Rectangle(*parse_whole_numbers(name, text, count=4, max_digits=6, example=example))
