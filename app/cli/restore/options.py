"""The options of `restore`."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from app import COMMAND
from app.cli.inputs.input_options import InputOptions
from app.cli.inputs.pipes import PIPE, check_standard_output
from app.cli.local_paths import check_is_local
from app.cli.options import shared
from app.cli.options.declaration import Changes, changes_of, options_of
from app.cli.options.follow import FollowOptions
from app.cli.options.sampler import SamplerOptions
from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import InvalidSetting
from ddrm_core.export.settings import ExportSettings
from ddrm_core.restoration.assumption import CompressionAssumption


class ResultFormat(StrEnum):
    """The format of a result, by the ending of its file."""

    PNG = "png"
    TIFF = "tiff"
    WEBP = "webp"
    JPEG = "jpg"
    JPEG_XL = "jxl"
    AVIF = "avif"

    @property
    def suffix(self) -> str:
        """Suffix of files in this format, with its dot."""
        return f".{self}"


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreOptions:
    """The arguments of `restore`, in the order of its help."""

    inputs: InputOptions
    output: Annotated[
        str | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE|FOLDER|TEMPLATE|-",
            help="File of the result: .png, .tiff, .webp, .jpg, .jxl or .avif; default: IMAGE's"
            " name with _restored.png, or .tiff if PNG cannot hold the result. For several images:"
            " a folder, or a template such as results/{stem}_restored{ext}. - writes the result of"
            " one image to standard output.",
        ),
    ] = None
    format: Annotated[
        ResultFormat | None,
        typer.Option(help="Format of a result that -o gives no ending; needed by -o -."),
    ] = None
    sampler: SamplerOptions
    run: shared.RunOptions
    assumption: Annotated[Changes, changes_of(CompressionAssumption, "quality", "grid", "sampling")]
    assume_earlier: shared.AssumeEarlierOption = False
    region: Annotated[
        str | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Restore and write only this rectangle: left, top, width and height in pixels of"
            " the stored image, before its EXIF orientation is applied.",
        ),
    ] = None
    blending: Annotated[Changes, changes_of(ExportSettings, "sharpness", "strength")]
    keep: Annotated[
        list[str] | None,
        typer.Option(
            metavar="X,Y,W,H",
            help="Leave this rectangle as in the file, such as text or a face, enlarged to whole"
            " blocks of 8x8 to 32x16 pixels: left, top, width and height in pixels of the stored"
            " image; can be repeated.",
        ),
    ] = None
    like: Annotated[
        Path | None,
        typer.Option(
            help="Result of an earlier run that is repeated with the settings in its run record."
        ),
    ] = None
    export: Annotated[
        ExportSettings,
        options_of(
            ExportSettings, "policy", "bits", "jpeg_quality", "same_levels", "bake_orientation"
        ),
    ]
    spread: shared.SpreadOption = None
    samples_dir: shared.SamplesFolderOption = None
    tolerate_damage: shared.TolerateDamageOption = False
    max_megapixels: shared.MaxMegapixelsOption = shared.DEFAULT_MAX_MEGAPIXELS
    keep_date: shared.KeepDateOption = True
    overwrite: shared.OverwriteOption = False
    follow: FollowOptions

    @property
    def is_piped(self) -> bool:
        """Whether the result is written to standard output."""
        return self.output == PIPE

    @property
    def suffix(self) -> str | None:
        """Suffix of results whose names are not given, None for the default one."""
        return None if self.format is None else self.format.suffix

    def check_assumption(self) -> None:
        """Raise InvalidSetting if the compression is both stated and to be estimated."""
        if not self.assume_earlier:
            return
        for name in self.assumption.keys() & {"quality", "grid"}:
            allowed = AllowedValues.QUALITY_OR_EARLIER
            raise InvalidSetting(name, self.assumption[name], allowed)
        if self.like is not None:
            raise InvalidSetting("like", self.like, "left out together with --assume-earlier")

    def check_paths(self) -> None:
        """Check inputs and output before a file is read.

        Raises:
            InvalidSetting: If the inputs are invalid, the output does not fit them or is in an
                object store, or standard output is a terminal.
        """
        self.inputs.check()
        for text in self.inputs.images or ():
            if os.path.isdir(text):
                allowed = f"an image; `{COMMAND} batch FOLDER -o FOLDER` restores a folder"
                raise InvalidSetting("IMAGE", text, allowed)
        if self.output is not None:
            check_is_local("--output", self.output)
        if self.inputs.reads_pipe and self.output is None:
            raise InvalidSetting("output", "left out", "given if - is read: -o FILE or -o -")
        if self.is_piped:
            self._check_piped_output()
        elif self.inputs.may_be_several and self.spread is not None:
            raise InvalidSetting("spread", str(self.spread), "left out for several images")
        elif not self.inputs.may_be_several and self.format is not None and self.output is not None:
            raise InvalidSetting("format", self.format, "left out if -o names a file")

    def _check_piped_output(self) -> None:
        if self.inputs.may_be_several:
            raise InvalidSetting("output", PIPE, "a folder or a name template, for several images")
        for option, is_given in {
            "--json-lines": self.follow.json_lines,
            "--dry-run": self.follow.dry_run,
        }.items():
            if is_given:
                raise InvalidSetting("output", PIPE, f"a file or a folder, with {option}")
        if self.format is None:
            raise InvalidSetting("format", "left out", "given for -o -: " + ", ".join(ResultFormat))
        check_standard_output()
