"""`ddrm-restore inspect`: prints the facts of files, and whether they can be restored."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import ExitStatus
from app.cli.inputs.input_options import InputImage, InputOptions
from app.cli.options.shared import JsonOption, OverwriteOption
from ddrm_core.errors import InvalidSetting
from ddrm_core.sampler.settings import Preset


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectInputOptions(InputOptions):
    """The arguments and options that name the images and folders of `inspect`."""

    images: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="IMAGE|FOLDER",
            help="JPEGs, or images of other formats that were a JPEG before, or folders of them. -"
            " reads one image from standard input.",
            show_default=False,
        ),
    ] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectOptions:
    """The arguments of `inspect`, in the order of its help."""

    inputs: InspectInputOptions
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Write a row of facts per file to this .csv or .json file, instead of printing"
            " them; replaces an earlier report.",
        ),
    ] = None
    recursive: Annotated[
        bool, typer.Option("--recursive", help="Also read images in subfolders of FOLDER.")
    ] = False
    all_pictures: Annotated[
        bool,
        typer.Option("--all-pictures", help="Also read PNG, TIFF, WebP and BMP files in FOLDER."),
    ] = False
    earlier: Annotated[
        bool,
        typer.Option(
            "--earlier/--no-earlier",
            help="Search each file for signs of an earlier compression, which takes most of the"
            " time.",
        ),
    ] = True
    preset: Annotated[
        Preset,
        typer.Option(help="Preset whose times are estimated in the rows of several files."),
    ] = Preset.BALANCED
    as_json: JsonOption = False
    overwrite: OverwriteOption = False


def inspect(options: InspectOptions) -> None:
    """Print the facts of images or of whole folders.

    The facts of one image are its size, coding, chroma sampling, tables, quality factor and
    metadata. The command reads the whole file and also prints whether `restore` can restore it.
    Several images and folders get a line each, and a summary.
    """
    if options.report is not None and options.as_json:
        raise InvalidSetting("json", "given", "left out together with --report")
    options.inputs.check()
    if options.report is not None:
        from ddrm_core.batch.triage.report import check_triage_report_path

        check_triage_report_path(options.report, overwrite=options.overwrite)
    with options.inputs.open_images() as images:
        if options.report is None and not options.inputs.may_be_several:
            (image,) = images
            if not os.path.isdir(image.path):
                _print_inspection(options, image)
                return
        # Other commands start faster without these imports.
        from app.cli.inspect.triage.executor import Triage
        from app.cli.inspect.triage.time_estimator import create_time_estimator

        triage = Triage(
            create_time_estimator(options.preset),
            recursive=options.recursive,
            include_all_formats=options.all_pictures,
            searches_compression=options.earlier,
        )
        failed_count = triage.run(images, options.report, as_json=options.as_json)
    if failed_count:
        raise typer.Exit(ExitStatus.FAILED)


def _print_inspection(options: InspectOptions, image: InputImage) -> None:
    from app.cli.inspect.report import print_inspection

    try:
        print_inspection(image.path, as_json=options.as_json, name=image.name)
    except Exception as error:
        image.name_in_error(error)
        raise
