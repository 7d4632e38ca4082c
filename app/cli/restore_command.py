"""`ddrm-restore restore`: restores one image or several."""

from __future__ import annotations

from pathlib import Path

import typer

from app.cli.console import ExitStatus, print_note
from app.cli.inputs.targets import plan_targets
from app.cli.restore_image import CommandPrior, ImageRestorer
from app.cli.restore_options import RestoreOptions
from app.cli.sampler_options import check_spread
from app.cli.setting_options import parse_whole_numbers
from ddrm_core.batch.name_template import CUSTOM_NAME, DEFAULT_TEMPLATE
from ddrm_core.batch.output_paths import OutputNaming
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import choose_default_suffix
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.sampler.settings import SamplerSettings, find_preset


def restore(options: RestoreOptions) -> None:
    """Restore one image or several.

    With several images, one that cannot be restored does not end the command.
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
    prior = CommandPrior(options)
    # Files are read first, so that their errors are reported before a prior is loaded.
    restorer = ImageRestorer(options, settings, region, kept_areas, prior)
    with options.inputs.open_images() as images:
        if not options.inputs.may_be_several:
            restorer.restore_image(images[0])
            return
        if not images:
            print_note("the list has no images")
        naming = _create_naming(options, settings, prior)
        targets = plan_targets(images, options.output, naming, suffix=options.suffix)
        if restorer.restore_images(list(zip(images, targets, strict=True))):
            raise typer.Exit(ExitStatus.FAILED)


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
