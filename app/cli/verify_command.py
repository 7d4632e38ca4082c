"""`ddrm-restore verify`: how far a result agrees with the file it was made from."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.console import failures_reported, print_json
from app.words import percent

if TYPE_CHECKING:  # imports torch, which --help does not need
    from ddrm_core.metrics.consistency import Consistency


def verify(
    result: Annotated[Path, typer.Argument(help="A restored picture: 8-bit, or a float TIFF.")],
    against: Annotated[Path, typer.Option(help="The JPEG it was made from.")],
    slack: Annotated[
        float | None,
        typer.Option(
            min=0,
            help="How far outside its bin a level may be, in grey levels;"
            " what float arithmetic needs, if left out.",
        ),
    ] = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print one JSON document and nothing else.")
    ] = False,
) -> None:
    """Compress RESULT as IMAGE was, and count the levels that fall in the file's bins."""
    with failures_reported():
        consistency = _measure(result, against, slack)
        if as_json:
            totals = {"inside": consistency.inside, "exact": consistency.exact}
            print_json(
                {"result": str(result), "against": str(against), **totals, **asdict(consistency)}
            )
        else:
            typer.echo(_text(consistency))


def _measure(result: Path, against: Path, slack: float | None) -> Consistency:
    import torch

    from ddrm_core.errors import DifferentSize
    from ddrm_core.image import load_picture, network_units
    from ddrm_core.jpeg.coefficients import read_jpeg
    from ddrm_core.jpeg.operator import level_tensors, operator_for
    from ddrm_core.metrics.consistency import ARITHMETIC_SLACK, measure_consistency

    image = read_jpeg(against)
    picture = load_picture(result)
    found = (picture.shape[2], picture.shape[1], picture.shape[0])
    expected = (*image.size, len(image.levels))
    if found != expected:
        raise DifferentSize(result, found, expected)
    levels = level_tensors(image, torch.device("cpu"))
    slack = ARITHMETIC_SLACK if slack is None else slack
    return measure_consistency(operator_for(image), levels, network_units(picture), slack=slack)


def _text(consistency: Consistency) -> str:
    total = sum(c.coefficients for c in consistency.components)
    lines = [
        f"{percent(consistency.inside)} of {total:,} levels in their bins"
        f" (slack {consistency.slack:g} grey levels), {percent(consistency.exact)} exact"
    ]
    for c in consistency.components:
        inside, exact = percent(c.inside / c.coefficients), percent(c.exact / c.coefficients)
        lines.append(f"{c.name:3} {inside} of {c.coefficients:,} in their bins, {exact} exact")
    worst = consistency.worst
    if worst.distance > consistency.slack:
        lines.append(
            f"Worst block: {worst.component} at x {worst.left}, y {worst.top},"
            f" {worst.distance:.2f} grey levels outside"
        )
    return "\n".join(lines)
