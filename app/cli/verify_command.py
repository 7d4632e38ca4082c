"""`ddrm-restore verify`: how far a result agrees with the file it was made from."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import failures_reported, print_json
from app.cli.options import MaxMegapixels, TolerateDamage
from app.cli.output_files import check_file_name
from app.cli.restore_command import DEFAULT_MEGAPIXELS
from app.i18n.formatting import percent
from ddrm_core.errors import InputRole
from ddrm_core.files.atomic_write import check_output, write_atomically

if TYPE_CHECKING:  # import torch, which --help does not need
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.jpeg.image import JpegImage
    from ddrm_core.verification.consistency import Consistency
    from ddrm_core.verification.verify import Verification


@dataclass(frozen=True, slots=True)
class _Finding:
    verification: Verification
    image: JpegImage
    place: Rectangle


def verify(
    result: Annotated[Path, typer.Argument(help="A restored picture of any format.")],
    against: Annotated[Path, typer.Option(help="The picture it was made from.")],
    slack: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="How far outside its bin a level may be, in grey levels;"
            " what float arithmetic needs, if left out.",
        ),
    ] = None,
    map_file: Annotated[
        Path | None,
        typer.Option("--map", help="Also write where it disagrees, a PNG of the picture's size."),
    ] = None,
    tolerate_damage: TolerateDamage = False,
    max_megapixels: MaxMegapixels = DEFAULT_MEGAPIXELS,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace an existing map.")
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Compress RESULT as the source was, and count the levels that fall in the file's bins."""
    with failures_reported():
        if map_file is not None:
            from ddrm_core.formats.save import check_format

            check_file_name("map", map_file)
            for source, role in ((result, InputRole.RESULT), (against, InputRole.SOURCE)):
                check_output(map_file, source=source, overwrite=overwrite, role=role)
            check_format(map_file, bits=8, channels=3)
        finding = _verify(result, against, slack, tolerate_damage, max_megapixels * 1_000_000)
        if map_file is not None:
            from ddrm_core.verification.deviation_map import encode_heat_map

            found = finding.verification
            data = encode_heat_map(found.map, finding.place, found.corner, map_file)
            write_atomically(map_file, data)
        consistency = finding.verification.consistency
        if as_json:
            totals = {"inside": consistency.inside, "exact": consistency.exact}
            files = {
                "result": str(result),
                "against": str(against),
                "levels": str(finding.image.source),
            }
            print_json({**files, **totals, **asdict(consistency)})
        else:
            typer.echo(_text(consistency, str(finding.image.source)))


def _verify(
    result: Path, against: Path, slack: float | None, tolerate_damage: bool, max_pixels: int
) -> _Finding:
    from ddrm_core.errors import DifferentSize
    from ddrm_core.export.replay import assumption_in, record_of_metadata, region_in
    from ddrm_core.formats.load import load_picture
    from ddrm_core.imaging.orientation import as_stored
    from ddrm_core.imaging.rectangle import Rectangle
    from ddrm_core.restoration.input import NO_ASSUMPTION, measure, open_source
    from ddrm_core.restoration.run import check_region
    from ddrm_core.verification.consistency import ARITHMETIC_SLACK
    from ddrm_core.verification.verify import verify_picture

    source = open_source(against, tolerate_damage=tolerate_damage, max_pixels=max_pixels)
    loaded = load_picture(result, max_pixels=max_pixels)
    record = record_of_metadata(loaded.metadata)
    # A result says itself which levels it was made to agree with, and whether it was turned.
    assumption = NO_ASSUMPTION if record is None else assumption_in(record, source)
    image = measure(source, assumption)
    picture = loaded.picture
    if record is not None:
        picture = as_stored(picture, record.baked_orientation)
    if len(image.levels) == 3 and len(picture) == 1:
        picture = picture.expand(3, -1, -1)  # WebP has no grey: three equal channels load as one
    region = None if record is None else region_in(record)
    check_region(region, image)
    place = region or Rectangle(0, 0, *image.size)
    found = (picture.shape[2], picture.shape[1], picture.shape[0])
    expected = (place.width, place.height, len(image.levels))
    if found != expected:
        raise DifferentSize(result, found, expected)
    slack = ARITHMETIC_SLACK if slack is None else slack
    return _Finding(verify_picture(image, picture, region, slack=slack), image, place)


def _text(consistency: Consistency, levels: str) -> str:
    total = sum(c.coefficients for c in consistency.components)
    whose = "" if levels == "tables" else f" (of {levels} levels, not a file's own)"
    lines = [
        f"{percent(consistency.inside)} of {total:,} levels in their bins"
        f" (slack {consistency.slack:g} grey levels), {percent(consistency.exact)} exact{whose}"
    ]
    for c in consistency.components:
        share = max(c.coefficients, 1)
        inside, exact = percent(c.inside / share), percent(c.exact / share)
        lines.append(f"{c.name:3} {inside} of {c.coefficients:,} in their bins, {exact} exact")
    worst = consistency.worst
    if worst.distance > consistency.slack:
        lines.append(
            f"Worst block: {worst.component} at x {worst.left}, y {worst.top},"
            f" {worst.distance:.2f} grey levels outside"
        )
    return "\n".join(lines)
