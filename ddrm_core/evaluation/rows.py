"""Rows of an evaluation in a file of JSON lines."""

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
    """The row about one image, decoded by one method at one quality factor.

    The decoded image is compared with its original.

    Attributes:
        key: Hash of everything that determines the row, see `PlannedMeasurement.key`.
        image: File name of the original.
        quality: Quality factor.
        method: Name of the method, e.g. "JPEG", "fast A" or a decoder's name.
        width: Width in pixels.
        height: Height in pixels.
        bits_per_pixel: Bits of the compressed file per pixel.
        seconds: Wall time of decoding in seconds; for a single sample, its share of the run.
        psnr: PSNR in dB; infinite for equal images.
        ssim: SSIM, at most 1; None for images smaller than its Gaussian filter.
        psnr_b: PSNR-B in dB, on luma.
        lpips: LPIPS distance; None if it was not requested or the image is too small.
        consistency: Share of coefficients of the 8-bit image in their bins, 0 to 1.
        consistency_unrounded: Share of coefficients in their bins before rounding and clipping;
            None for methods that give 8 bits only.
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
"""Names of the numeric fields of a row that are averaged."""

_ROW_FIELD_TYPES: dict[str, tuple[type, ...]] = {
    "str": (str,),
    "int": (int,),
    "float": (float, int),
}


def to_json_number(number: float | None) -> float | str | None:
    """Return `number` unchanged if JSON can hold it; NaN and infinite numbers become text."""
    return number if number is None or math.isfinite(number) else str(number)


def row_to_json(row: EvaluationRow) -> dict[str, object]:
    """Convert a row to a JSON object with one entry per attribute."""
    return {k: to_json_number(v) if isinstance(v, float) else v for k, v in asdict(row).items()}


def read_evaluation_rows(path: Path) -> tuple[EvaluationRow, ...]:
    """Read the rows of an evaluation from a file of JSON lines; skip lines that are not rows.

    The result is empty if the file does not exist.

    Raises:
        UnreadableFile: If the system cannot read the file.
    """
    if not path.exists():
        return ()
    return tuple(
        row for line in _read_row_lines(path) if (row := _parse_evaluation_row(line)) is not None
    )


def remove_partial_line(path: Path) -> None:
    """Remove an incomplete last line from a file of rows, before rows are appended.

    An incomplete line remains if the program was killed while it wrote a row.

    Raises:
        UnreadableFile, UnwritableOutput: If the system cannot read or write the file.
    """
    if path.exists() and (data := _read_rows_file(path)) and not data.endswith(b"\n"):
        write_atomically(path, data[: data.rfind(b"\n") + 1])


def append_evaluation_rows(path: Path, rows: Iterable[EvaluationRow]) -> None:
    """Append rows as JSON lines to a file and flush the file to the disk.

    Raise UnwritableOutput if the system cannot write the file.
    """
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
    """Check a JSON value and convert it to the type of a row's field.

    Raise ValueError or TypeError if the value has another type.

    Args:
        value: JSON value.
        annotation: Annotation of the field, e.g. "float".
    """
    type_name, *optional = annotation.split(" | ")
    if value is None and optional:
        return None
    if type_name == "float" and value in ("inf", "-inf"):
        return float(str(value))
    if isinstance(value, bool) or not isinstance(value, _ROW_FIELD_TYPES[type_name]):
        raise TypeError(type_name)
    return float(value) if type_name == "float" and isinstance(value, int) else value
