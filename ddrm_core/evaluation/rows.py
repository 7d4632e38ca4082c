"""Results as rows, kept as they are made: one JSON document a line."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.os_errors import reading, writing


@dataclass(frozen=True, slots=True)
class EvaluationRow:
    """One picture at one quality factor, decoded by one method, against its original.

    Attributes:
        key: Of everything that made it: see `plan.PlannedMeasurement`.
        image: The original's file name.
        quality: The quality factor.
        method: E.g. JPEG, "fast A", or a decoder's name.
        width: In pixels.
        height: In pixels.
        bits_per_pixel: Of the compressed file.
        seconds: Of decoding; of a single sample, its share of the run.
        psnr: In dB; infinite for equal pictures.
        ssim: Up to 1; None for pictures smaller than its window.
        psnr_b: In dB, on luma.
        lpips: None where it was not asked for, or the picture is too small.
        consistency: Share of levels in their bins, of the 8-bit picture that the others measure.
        consistency_unrounded: The same before rounding and clipping; None for methods that give 8
            bits only.
    """

    key: str
    image: str
    quality: int
    method: str
    width: int
    height: int
    bits_per_pixel: float
    seconds: float
    psnr: float
    ssim: float | None
    psnr_b: float
    lpips: float | None
    consistency: float
    consistency_unrounded: float | None


METRIC_NAMES = (
    "psnr",
    "ssim",
    "psnr_b",
    "lpips",
    "consistency",
    "consistency_unrounded",
    "bits_per_pixel",
    "seconds",
)
"""Names of a row's numbers that have a mean."""

_ROW_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
}


def to_json_number(number: float | None) -> float | str | None:
    """A number as JSON has it, which knows no infinity."""
    return number if number is None or math.isfinite(number) else str(number)


def row_to_json(row: EvaluationRow) -> dict[str, object]:
    """A row for JSON."""
    return {k: to_json_number(v) if isinstance(v, float) else v for k, v in asdict(row).items()}


def read_evaluation_rows(path: Path) -> tuple[EvaluationRow, ...]:
    """Those in a file; none where there is no file. What is no row is passed over.

    Raises:
        UnreadableFile: The system did not give the bytes.
    """
    if not path.exists():
        return ()
    return tuple(
        row for line in _read_row_lines(path) if (row := _parse_evaluation_row(line)) is not None
    )


def remove_partial_line(path: Path) -> None:
    """Take away a last line that a kill cut short, so that the next begins on a line of its own.

    Raises:
        UnreadableFile, UnwritableOutput: The system refused.
    """
    if path.exists() and (data := _read_rows_file(path)) and not data.endswith(b"\n"):
        write_atomically(path, data[: data.rfind(b"\n") + 1])


def append_evaluation_rows(path: Path, rows: Iterable[EvaluationRow]) -> None:
    """Add rows, on the disk when this returns. Raises UnwritableOutput."""
    text = "".join(json.dumps(row_to_json(row), allow_nan=False) + "\n" for row in rows)
    with writing(path), path.open("ab") as file:
        file.write(text.encode())
        file.flush()
        os.fsync(file.fileno())


def _read_row_lines(path: Path) -> list[bytes]:
    return _read_rows_file(path).split(b"\n")


def _read_rows_file(path: Path) -> bytes:
    with reading(path):
        return path.read_bytes()


def _parse_evaluation_row(line: bytes) -> EvaluationRow | None:
    try:
        values: dict[str, Any] = json.loads(line)
        if set(values) != {f.name for f in fields(EvaluationRow)}:
            return None
        checked = {
            f.name: _check_field_value(values[f.name], str(f.type)) for f in fields(EvaluationRow)
        }
        return EvaluationRow(**checked)
    except (ValueError, TypeError, RecursionError):
        return None


def _check_field_value(value: object, annotation: str) -> Any:
    """As its field's annotation wants it. Raises ValueError, TypeError."""
    type_name, *optional = annotation.split(" | ")
    if value is None and optional:
        return None
    if type_name == "float" and value in ("inf", "-inf"):
        return float(str(value))
    if isinstance(value, bool) or not isinstance(value, _ROW_FIELD_TYPES[type_name]):
        raise TypeError(type_name)
    return float(value) if type_name == "float" and isinstance(value, int) else value
