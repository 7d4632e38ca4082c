"""Job that finds the file of a result: its free path and its expected size."""

from __future__ import annotations

import os
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.jobs.export.save import iterate_numbered_paths
from app.jobs.run.result import RunResult
from ddrm_core.cancel import CancelToken

# The module imports torch, without which the window starts, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.settings import ExportSettings


@dataclass(frozen=True, slots=True)
class ExpectedFileRequest:
    """Request for the path and the expected size of a result's file.

    Attributes:
        result: The result, as it is shown.
        proposed_path: Path of the file if it is free.
        settings: Export settings.
    """

    result: RunResult
    proposed_path: Path
    settings: ExportSettings


@dataclass(frozen=True, slots=True)
class ExpectedFile:
    """The file that saving a result would write.

    Attributes:
        path: Path of the file.
        byte_count: Expected size in bytes, None if it is not known.
    """

    path: Path
    byte_count: int | None = None


def find_free_path(path: Path) -> Path:
    """Return the first path of `iterate_numbered_paths` that does not exist."""
    return next(p for p in iterate_numbered_paths(path) if not os.path.lexists(p))


def find_expected_file_job(
    request: ExpectedFileRequest, token: CancelToken
) -> Generator[ExpectedFile, None, int]:
    """Yield the free path of a result's file, and return the expected size in bytes.

    Raises:
        OperationCancelled: If `token` was cancelled.
        UnsupportedFormat, InvalidSetting, UnreadableFile: See `estimate_file_size`.
    """
    token.raise_if_cancelled()
    yield ExpectedFile(find_free_path(request.proposed_path))
    from ddrm_core.export.estimate_size import estimate_file_size

    result, image = request.result, request.result.shown_pixels()
    token.raise_if_cancelled()
    return estimate_file_size(result.restoration, image, request.proposed_path, request.settings)
