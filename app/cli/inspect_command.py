"""`ddrm-restore inspect`: prints the facts of a file, and whether it can be restored."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from app.cli.console import report_failures
from app.cli.options import JsonOption


def inspect(
    image: Annotated[
        Path, typer.Argument(help="JPEG, or an image of another format that was a JPEG before.")
    ],
    as_json: JsonOption = False,
) -> None:
    """Print size, coding, chroma sampling, tables, quality factor and metadata of an image.

    The command reads the whole file and also prints whether `restore` can restore it.
    """
    with report_failures():
        from app.cli.inspect_report import print_inspection  # other commands start faster without

        print_inspection(image, as_json=as_json)
