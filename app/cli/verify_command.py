"""`ddrm-restore verify`: compares a result with the levels of its source."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_json, report_failures
from app.cli.local_paths import check_is_local
from app.cli.options.shared import DEFAULT_MAX_MEGAPIXELS, JsonOption, MaxMegapixelsOption
from app.cli.run.output_files import reject_standard_output
from app.i18n.formatting import format_percent
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.messages import InputFileRole

if TYPE_CHECKING:  # loads torch, which --help does not need
    from ddrm_core.verification.consistency import Consistency


_SlackOption = Annotated[
    float | None,
    typer.Option(
        min=0,
        help="Distance from its bin up to which a level counts as inside, in gray levels;"
        " default: 0.005, the error of float arithmetic.",
    ),
]
_MapOption = Annotated[
    Path | None,
    typer.Option(
        "--map",
        help="Also write a deviation map to this file: an image of the result's size that shows how"
        " far each 8x8 block is outside its bins.",
    ),
]
_TolerateDamageOption = Annotated[
    bool,
    typer.Option(
        "--tolerate-damage", help="Accept a damaged source and verify its intact blocks only."
    ),
]


def verify(
    result: Annotated[
        Path, typer.Argument(metavar="RESULT", help="Result to verify, in any readable format.")
    ],
    against: Annotated[
        Path,
        typer.Option(metavar="IMAGE", help="Source of the result, the file that was restored."),
    ],
    slack: _SlackOption = None,
    map_file: _MapOption = None,
    tolerate_damage: _TolerateDamageOption = False,
    max_megapixels: MaxMegapixelsOption = DEFAULT_MAX_MEGAPIXELS,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing map.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Compare the pixels of a result with the levels of its source.

    The result is compressed like its source. The command prints the share of levels (quantized DCT
    coefficients) that are in the bins of the source.
    """
    with report_failures():
        _check_are_local({"RESULT": result, "--against": against, "--map": map_file})
        if map_file is not None:
            from ddrm_core.formats.capabilities import check_format

            reject_standard_output("map", map_file)
            for source, role in ((result, InputFileRole.RESULT), (against, InputFileRole.SOURCE)):
                check_output_path(map_file, source=source, overwrite=overwrite, role=role)
            check_format(map_file, bits=8, channels=3)
        from ddrm_core.export.verify import read_saved_result
        from ddrm_core.verification.consistency import ARITHMETIC_SLACK
        from ddrm_core.verification.verify import verify_jpeg_pixels

        max_pixels = max_megapixels * 1_000_000
        saved = read_saved_result(
            result, against, tolerate_damage=tolerate_damage, max_pixels=max_pixels
        )
        verification = verify_jpeg_pixels(
            saved.source,
            saved.pixels,
            saved.region,
            slack=ARITHMETIC_SLACK if slack is None else slack,
        )
        if map_file is not None:
            from ddrm_core.verification.deviation_map import encode_deviation_map

            data = encode_deviation_map(
                verification.distance_map, saved.region, verification.map_origin, map_file
            )
            write_atomically(map_file, data)
        consistency = verification.consistency
        quality_source = str(saved.source.quality_source)
        if as_json:
            totals = {"inside": consistency.inside_fraction, "exact": consistency.exact_fraction}
            files = {"result": str(result), "against": str(against), "levels": quality_source}
            print_json({**files, **totals, **asdict(consistency)})
        else:
            typer.echo(_format_consistency(consistency, quality_source))


def _check_are_local(paths: Mapping[str, Path | None]) -> None:
    """Raise InvalidSetting if a path is an address of an object store; the keys are its names."""
    for name, path in paths.items():
        if path is not None:
            check_is_local(name, path)


def _format_consistency(consistency: Consistency, levels: str) -> str:
    total = sum(c.coefficients for c in consistency.components)
    levels_note = (
        "" if levels == "tables" else f" (compared with {levels} levels, not with levels of a file)"
    )
    lines = [
        f"{format_percent(consistency.inside_fraction)} of {total:,} levels in their bins"
        f" (slack {consistency.slack:g} gray levels),"
        f" {format_percent(consistency.exact_fraction)} exact{levels_note}"
    ]
    for c in consistency.components:
        coefficient_count = max(c.coefficients, 1)
        inside = format_percent(c.inside / coefficient_count)
        exact = format_percent(c.exact / coefficient_count)
        lines.append(f"{c.name:3} {inside} of {c.coefficients:,} in their bins, {exact} exact")
    worst = consistency.worst
    if worst.distance > consistency.slack:
        lines.append(
            f"Worst block: {worst.component} at x {worst.left}, y {worst.top},"
            f" {worst.distance:.2f} gray levels outside its bins"
        )
    return "\n".join(lines)
