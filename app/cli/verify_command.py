"""`ddrm-restore verify`: compares a result with the levels of its source."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import print_json, report_failures
from app.cli.options import (
    DEFAULT_MAX_MEGAPIXELS,
    JsonOption,
    MaxMegapixelsOption,
)
from app.cli.output_files import reject_standard_output
from app.i18n.formatting import format_percent
from ddrm_core.errors import InputFileRole
from ddrm_core.files.atomic_write import check_output_path, write_atomically
from ddrm_core.messages import describe_image_size

if TYPE_CHECKING:  # loads torch, which --help does not need
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.jpeg.image import JpegImage
    from ddrm_core.verification.consistency import Consistency
    from ddrm_core.verification.verify import Verification


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


@dataclass(frozen=True, slots=True)
class _VerifiedResult:
    verification: Verification
    image: JpegImage
    rectangle: Rectangle


def verify(
    result: Annotated[Path, typer.Argument(help="Result to verify, in any readable format.")],
    against: Annotated[Path, typer.Option(help="Source of the result.")],
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
        if map_file is not None:
            from ddrm_core.formats.capabilities import check_format

            reject_standard_output("map", map_file)
            for source, role in ((result, InputFileRole.RESULT), (against, InputFileRole.SOURCE)):
                check_output_path(map_file, source=source, overwrite=overwrite, role=role)
            check_format(map_file, bits=8, channels=3)
        verified = _verify_result(
            result, against, slack, tolerate_damage, max_megapixels * 1_000_000
        )
        if map_file is not None:
            from ddrm_core.verification.deviation_map import encode_deviation_map

            verification = verified.verification
            data = encode_deviation_map(
                verification.distance_map, verified.rectangle, verification.map_origin, map_file
            )
            write_atomically(map_file, data)
        consistency = verified.verification.consistency
        if as_json:
            totals = {"inside": consistency.inside_fraction, "exact": consistency.exact_fraction}
            files = {
                "result": str(result),
                "against": str(against),
                "levels": str(verified.image.quality_source),
            }
            print_json({**files, **totals, **asdict(consistency)})
        else:
            typer.echo(_format_consistency(consistency, str(verified.image.quality_source)))


def _verify_result(
    result: Path, against: Path, slack: float | None, tolerate_damage: bool, max_pixels: int
) -> _VerifiedResult:
    import numpy as np
    import torch

    from ddrm_core.errors import SizeMismatch
    from ddrm_core.export.replay import (
        assumption_from_record,
        record_from_metadata,
        region_from_record,
    )
    from ddrm_core.formats.load import load_image
    from ddrm_core.imaging.orientation import apply_orientation, invert_orientation
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.restoration.assumption import NO_ASSUMPTION
    from ddrm_core.restoration.run import check_region
    from ddrm_core.restoration.source import jpeg_image_from_source, open_source_image
    from ddrm_core.verification.consistency import ARITHMETIC_SLACK
    from ddrm_core.verification.verify import verify_jpeg_pixels

    source = open_source_image(against, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    loaded = load_image(result, max_pixels=max_pixels)
    record = record_from_metadata(loaded.metadata)
    # The result's run record contains the assumption and the baked orientation.
    assumption = NO_ASSUMPTION if record is None else assumption_from_record(record, source)
    image = jpeg_image_from_source(source, assumption)
    pixels = loaded.pixels
    if record is not None:
        rows_first = pixels.permute(1, 2, 0).numpy()
        stored = apply_orientation(rows_first, invert_orientation(record.baked_orientation))
        pixels = torch.from_numpy(np.ascontiguousarray(stored.transpose(2, 0, 1)))
    if len(image.levels) == 3 and len(pixels) == 1:
        pixels = pixels.expand(3, -1, -1)  # WebP has no gray; equal channels are loaded as one
    region = None if record is None else region_from_record(record)
    check_region(region, image)
    rectangle = region or Rectangle(0, 0, *image.size)
    found_size = (pixels.shape[2], pixels.shape[1], pixels.shape[0])
    expected_size = (rectangle.width, rectangle.height, len(image.levels))
    if found_size != expected_size:
        raise SizeMismatch(result, *map(describe_image_size, (found_size, expected_size)))
    slack = ARITHMETIC_SLACK if slack is None else slack
    return _VerifiedResult(verify_jpeg_pixels(image, pixels, region, slack=slack), image, rectangle)


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
        inside, exact = (
            format_percent(c.inside / coefficient_count),
            format_percent(c.exact / coefficient_count),
        )
        lines.append(f"{c.name:3} {inside} of {c.coefficients:,} in their bins, {exact} exact")
    worst = consistency.worst
    if worst.distance > consistency.slack:
        lines.append(
            f"Worst block: {worst.component} at x {worst.left}, y {worst.top},"
            f" {worst.distance:.2f} gray levels outside its bins"
        )
    return "\n".join(lines)
