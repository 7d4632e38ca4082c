"""Writing a result into a folder that outlasts the window, and reading the result back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass, replace
from datetime import datetime
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from app.jobs.document.reopen import is_same_content
from app.jobs.results.archived_result import ArchivedResult
from app.jobs.results.result_document import (
    MAX_DOCUMENT_BYTES,
    NewerFormat,
    ResultDocument,
    encode_result,
    parse_result,
)
from app.jobs.results.result_folders import (
    MEAN_FILE_NAME,
    RESULT_FILE_NAME,
    SOURCE_FILE_NAME,
    SPREAD_FILE_NAME,
    VIEW_FILE_NAME,
    sample_file_name,
)
from app.jobs.run.restore_request import RestoreRequest, create_problem_from_request
from app.jobs.run.result import create_thumbnail
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.jobs.storage.array_store import StoredArray
from ddrm_core.errors import CoreError
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.header import read_file_bytes
from ddrm_core.jpeg.image import JpegImage

# torch takes seconds to import, so the functions below import it when they run; see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.problems.protocols import MeasuredImage
    from ddrm_core.restoration.run import Run
    from ddrm_core.restoration.source import SourceImage

# Errors of documents that this version cannot have written.
_DOCUMENT_ERRORS = (
    ArithmeticError,
    AttributeError,
    CoreError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)


class ResultDefect(Enum):
    """The reason why a stored result cannot be used: a newer program wrote it, or damage."""

    NEWER = auto()
    DAMAGED = auto()


class UnusableResult(Exception):
    """The error that a stored result cannot be used.

    Attributes:
        defect: The reason.
    """

    def __init__(self, defect: ResultDefect) -> None:
        super().__init__(defect.name)
        self.defect = defect


@dataclass(frozen=True, slots=True)
class ResultView:
    """The part of a stored result that changes after its run.

    Attributes:
        saved_path: The file to which the user saved the result last, None if it is not saved.
        sharpness: Sharpness at which the result was shown last, from the mean (0) to a sample (1).
        sample_number: Number, from 1, of the sample at full sharpness.
        is_removed: Whether the user has removed the result from the run history.
        strength: Strength and kept areas with which the result was shown last.
    """

    saved_path: Path | None = None
    sharpness: float = 0.0
    sample_number: int = 1
    is_removed: bool = False
    strength: ResultStrength = FULL_STRENGTH


@dataclass(frozen=True, slots=True, eq=False)
class EarlierRun:
    """A run of an earlier session, read from its stored result.

    Attributes:
        folder: Folder of the stored result.
        ended_at: End of the run, in local time.
        request: The request that the run was started with.
        archived_result: The result of the run, whose arrays are in the files of the folder.
        view: Sharpness and saved file.
    """

    folder: Path
    ended_at: datetime
    request: RestoreRequest
    archived_result: ArchivedResult
    view: ResultView


def read_source_copy(source: SourceImage) -> bytes | None:
    """Return the bytes of the file of a source, None if its content is not that of the source."""
    try:
        data = read_file_bytes(source.path)
        current = _read_source(source.path, source)
    except CoreError:
        return None
    return data if is_same_content(current, source) else None


def write_result(
    folder: Path,
    request: RestoreRequest,
    archived: ArchivedResult,
    ended_at: datetime,
    source_bytes: bytes,
) -> dict[str, StoredArray]:
    """Write a result to the files of an empty folder, and return its arrays by file name.

    Raises:
        OSError: If the system refuses.
        UnreadableFile: See `StoredArray.load`.
        UnwritableOutput: See `write_atomically`.
    """
    arrays = _name_arrays(archived)
    (folder / SOURCE_FILE_NAME).write_bytes(source_bytes)
    for name, stored in arrays.items():
        stored.write_copy(folder / name)
    document = json.dumps(encode_result(request, archived, ended_at))
    write_atomically(folder / RESULT_FILE_NAME, document.encode())
    return arrays


def write_view(folder: Path, view: ResultView) -> None:
    """Replace the changing part of a stored result. Raise UnwritableOutput if that fails."""
    document = {
        "saved": None if view.saved_path is None else str(view.saved_path),
        "sharpness": view.sharpness,
        "sample": view.sample_number,
        "removed": view.is_removed,
        "strength": view.strength.strength,
        "kept_areas": [list(astuple(area)) for area in view.strength.kept_areas],
    }
    write_atomically(folder / VIEW_FILE_NAME, json.dumps(document).encode())


def read_view(folder: Path) -> ResultView:
    """Read the changing part of a stored result; a missing or damaged file has the defaults."""
    try:
        document = _read_json(folder / VIEW_FILE_NAME)
        saved, sharpness, number = document["saved"], document["sharpness"], document["sample"]
        kept_areas = tuple(Rectangle(*map(int, area)) for area in document.get("kept_areas", ()))
        strength = ResultStrength(float(document.get("strength", 1.0)), kept_areas)
        is_valid = (
            (saved is None or Path(saved).is_absolute())
            and 0.0 <= sharpness <= 1.0
            and 0.0 <= strength.strength <= 1.0
            and isinstance(number, int)
            and isinstance(document["removed"], bool)
        )
    except _DOCUMENT_ERRORS:
        return ResultView()
    if not is_valid:
        return ResultView()
    return ResultView(
        None if saved is None else Path(saved),
        float(sharpness),
        number,
        document["removed"],
        strength,
    )


def read_document(folder: Path) -> ResultDocument:
    """Read the document of a stored result. Raise UnusableResult if that fails."""
    try:
        return parse_result(_read_json(folder / RESULT_FILE_NAME))
    except NewerFormat as error:
        raise UnusableResult(ResultDefect.NEWER) from error
    except _DOCUMENT_ERRORS as error:
        raise UnusableResult(ResultDefect.DAMAGED) from error


def read_result(folder: Path, document: ResultDocument) -> EarlierRun:
    """Read a stored result; its arrays stay in their files until they are loaded.

    Args:
        folder: Folder of the result.
        document: Document of the result.

    Raises:
        UnusableResult: If this version cannot use the result.
    """
    try:
        return _build_earlier_run(folder, document)
    except _DOCUMENT_ERRORS as error:
        raise UnusableResult(ResultDefect.DAMAGED) from error


def _build_earlier_run(folder: Path, document: ResultDocument) -> EarlierRun:
    import torch

    from ddrm_core.restoration.run import Run, check_region
    from ddrm_core.restoration.source import open_source_image

    copy = open_source_image(
        folder / SOURCE_FILE_NAME,
        tolerate_damage=document.tolerates_damage,
        max_pixels=document.pixel_count,
    )
    request = RestoreRequest(
        copy, document.settings, document.problem, document.bits_per_channel, document.region
    )
    problem = create_problem_from_request(request, document.source_path)
    check_region(document.region, problem.image)
    run = Run(
        problem, document.prior, document.sampler, document.seed, document.start, document.region
    )
    mean = _open_array(folder / MEAN_FILE_NAME, run)
    samples = tuple(
        _open_array(folder / sample_file_name(number), run)
        for number in range(1, document.sample_count + 1)
    )
    thumbnail_arrays = (mean, *samples) if samples else ()
    archived = ArchivedResult(
        run,
        mean,
        samples,
        _open_array(folder / SPREAD_FILE_NAME, run) if document.has_spread else None,
        tuple(
            create_thumbnail(torch.from_numpy(stored.load()), run.image)
            for stored in thumbnail_arrays
        ),
        document.consistency,
        document.evaluation_count,
        document.complete,
        document.seconds,
        document.fallbacks,
    )
    view = read_view(folder)
    if not 1 <= view.sample_number <= len(samples):
        view = replace(view, sharpness=0.0, sample_number=1)
    image_area = Rectangle(0, 0, *archived.run.image.size)
    if any(
        not area.pixel_count or area.intersection(image_area) != area
        for area in view.strength.kept_areas
    ):
        view = replace(view, strength=FULL_STRENGTH)
    source = _with_path(copy, document.source_path)
    return EarlierRun(folder, document.ended_at, replace(request, source=source), archived, view)


def _open_array(path: Path, run: Run[MeasuredImage]) -> StoredArray:
    """Return the array of a file, which is read later.

    Raises:
        EOFError, OSError, ValueError: If the file is missing, or holds no array of the result.
    """
    # Mapping the file checks that it has as many bytes as its header states.
    array = np.load(path, mmap_mode="r", allow_pickle=False)
    region = run.output_region
    if array.dtype != np.float32 or array.shape != (
        run.image.channels,
        region.height,
        region.width,
    ):
        raise ValueError("the array is of another shape or type")
    return StoredArray(None, path=path, nbytes=array.nbytes)


def _read_source(path: Path, like: SourceImage) -> SourceImage:
    """Read a file in the way in which the source `like` was read."""
    from ddrm_core.restoration.source import open_source_image

    width, height = like.size
    is_damaged = isinstance(like, JpegImage) and like.damage is not None
    return open_source_image(path, tolerate_damage=is_damaged, max_pixels=width * height)


def _with_path(source: SourceImage, path: Path) -> SourceImage:
    if not isinstance(source, JpegImage) or source.header is None:
        return replace(source, path=path)
    return replace(source, path=path, header=replace(source.header, path=path))


def _name_arrays(archived: ArchivedResult) -> dict[str, StoredArray]:
    arrays = {MEAN_FILE_NAME: archived.mean}
    for number, sample in enumerate(archived.samples, 1):
        arrays[sample_file_name(number)] = sample
    return arrays if archived.spread is None else arrays | {SPREAD_FILE_NAME: archived.spread}


def _read_json(path: Path) -> Mapping[str, Any]:
    if path.is_symlink() or path.stat().st_size > MAX_DOCUMENT_BYTES:
        raise ValueError("not a document of this program")
    document = json.loads(path.read_text("utf-8"))
    if not isinstance(document, dict):
        raise TypeError("not a JSON object")
    return document
