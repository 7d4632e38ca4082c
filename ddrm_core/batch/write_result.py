"""Writing of results together with their entries in the manifest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.placement import OutputPlacement
from ddrm_core.errors import UnreadableFile, UnwritableOutput
from ddrm_core.export.result_content import ContentSpan, write_content
from ddrm_core.export.source_date import apply_source_date
from ddrm_core.messages import Description
from ddrm_core.os_errors import DISK_FULL_FAILURES, SystemFailure

FATAL_FAILURES = DISK_FULL_FAILURES | {SystemFailure.EROFS}
"""Reasons why no further file can be written anywhere on a disk."""


@dataclass(frozen=True, slots=True)
class ResultOrigin:
    """The origin of a result, for its entry in the manifest.

    Attributes:
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings_sha256: Hash of the settings and the prior.
        consistency: Share of levels in their bins in the saved result, 0 to 1.
        evaluations: Number of evaluations of the prior.
        seconds: Wall time in seconds.
    """

    source_sha256: str
    settings_sha256: str
    consistency: float
    evaluations: int
    seconds: float


def write_result(
    spans: Sequence[ContentSpan],
    placement: OutputPlacement,
    manifest: Manifest,
    origin: ResultOrigin,
    dated_by: Path | None = None,
) -> tuple[Description, ...]:
    """Write a result atomically; its manifest entry is written before the result has its name.

    Args:
        spans: Content of the result.
        placement: Path of the result.
        manifest: Manifest of a folder that contains the path.
        origin: Origin of the result.
        dated_by: Source whose modification time the result gets, None for the current time.

    Returns:
        A note if the source's modification time could not be kept.

    Raises:
        UnreadableFile: If the source has changed.
        OutputExists: If a file was created at the target in the meantime.
        UnwritableOutput: If the system refuses.
    """
    target = placement.target
    with manifest.storage.writer(target, overwrite=placement.should_overwrite) as output:
        sha256 = write_content(spans, output.path)
        notes = () if dated_by is None else apply_source_date(output.path, dated_by)
        file_stat = output.path.stat()
        manifest.add(
            ManifestEntry(
                source_sha256=origin.source_sha256,
                settings_sha256=origin.settings_sha256,
                target=manifest.to_relative_path(target),
                size=file_stat.st_size,
                mtime_ns=file_stat.st_mtime_ns,
                sha256=sha256,
                consistency=origin.consistency,
                evaluations=origin.evaluations,
                seconds=round(origin.seconds, 3),
                finished=datetime.now(UTC).isoformat(timespec="seconds"),
            )
        )
    manifest.add_version(target, output.version, sha256)
    return notes


def find_fatal_write_error(error: Exception, manifest: Manifest) -> UnwritableOutput | None:
    """Return the error because of which no further result can be written, None if they can be.

    A full or write-protected disk is such an error. Any other error of writing may concern only the
    folder of one target, unless the manifest cannot be written either. In an object store, a store
    that does not answer any more is noticed by reading the manifest or a result.

    Args:
        error: Error of a file.
        manifest: Manifest of the results.
    """
    match error:
        case UnwritableOutput(reason=reason) if reason in FATAL_FAILURES:
            return error
        case UnwritableOutput():
            pass
        case UnreadableFile(path=ObjectPath() as path) if path.is_relative_to(manifest.folder):
            pass
        case _:
            return None
    try:
        manifest.check_writable()
    except UnwritableOutput as unwritable:
        return error if isinstance(error, UnwritableOutput) else unwritable
    return None
