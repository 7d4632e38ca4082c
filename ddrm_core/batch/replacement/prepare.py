"""Reading of a source before it is replaced, and the reasons to leave it that need no run."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.replacement.reasons import RetentionReason, SourceRetained
from ddrm_core.batch.replacement.replace_source import (
    SourceFile,
    check_target,
    has_sha256,
    read_source_file,
)
from ddrm_core.batch.replacement.undo_log import UndoEntry, UndoLog, UndoStep
from ddrm_core.batch.selection.open_selected import OpenedFile, open_selected
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.export.encode_result import check_export
from ddrm_core.formats.capabilities import SaveFormat
from ddrm_core.jpeg.file_format import detect_format
from ddrm_core.jpeg.image import JpegImage
from ddrm_core.messages import Message
from ddrm_core.metadata.model import Metadata
from ddrm_core.metadata.xmp import read_run_record_properties
from ddrm_core.os_errors import reading
from ddrm_core.restoration.source import PixelImage, SourceImage, jpeg_image_from_source

_SIGNATURE_BYTES = 32
_EIGHT_BITS = 8


@dataclass(frozen=True, slots=True)
class EarlierReplacement:
    """A source that was replaced before, by a process that may have been killed.

    Attributes:
        source: The file with the name of the source.
        interrupted: Entry of a replacement that lacks only the removal of the source's name; None
            if the file is a result.
    """

    source: SourceFile
    interrupted: UndoEntry | None


@dataclass(frozen=True, slots=True, eq=False)
class PreparedSource:
    """A source that is to be restored and replaced.

    Attributes:
        source: The file as it was when it was read.
        opened: Its content, with the decision of the selection rule.
        image: Image with the file's levels; None if the rule does not select the file.
        format_path: Path of the result with a suffix of its format.
    """

    source: SourceFile
    opened: OpenedFile
    image: JpegImage | None
    format_path: Path


def prepare_source(
    file: PlannedFile,
    settings: BatchSettings,
    log: UndoLog,
    suffix: str | None,
    token: CancelToken,
) -> EarlierReplacement | PreparedSource:
    """Read a source and find out whether it can be replaced; nothing is changed.

    Args:
        file: Planned file of `plan_replacements`.
        settings: Settings of the batch.
        log: Undo log of the folder of all sources.
        suffix: Suffix of the results, see `plan_replacements`.
        token: Cancel token.

    Raises:
        SourceRetained: If the source stays as it is.
        OperationCancelled: If `token` was cancelled.
        CoreError: If the source cannot be read, or its result not be encoded.
    """
    source = read_source_file(file.source, log)
    if log.find_result(source.relative_path, source.sha256) is not None:
        return EarlierReplacement(source, None)
    for entry in log.list_of_source(source.relative_path):
        if file.target != file.source and _is_interrupted(entry, source, file, log):
            return EarlierReplacement(source, entry)
    check_target(source, file.target)
    opened = open_selected(file, settings, token)
    _check_without_record(opened.source.metadata)
    if opened.selection is not None and not opened.selection.is_selected:
        return PreparedSource(source, opened, None, file.target)
    image = jpeg_image_from_source(opened.source, opened.settings.assumption)
    if image.damage is not None:
        reason = Message(RetentionReason.DAMAGED, {"damage": image.damage.description})
        raise SourceRetained(reason)
    if settings.export.bits == _EIGHT_BITS and _has_more_than_eight_bits(opened.source):
        raise SourceRetained(RetentionReason.DEPTH)
    format_path = file.target if suffix is not None else _find_format_path(file, opened.source)
    check_export(format_path, image, settings.export)
    return PreparedSource(source, opened, image, format_path)


def _has_more_than_eight_bits(source: SourceImage) -> bool:
    """Return whether an image that is no JPEG has pixels between two gray levels of 8 bits."""
    return isinstance(source, PixelImage) and bool((source.pixels != source.pixels.round()).any())


def _is_interrupted(entry: UndoEntry, source: SourceFile, file: PlannedFile, log: UndoLog) -> bool:
    """Return whether a replacement lacks nothing but the removal of the source's name."""
    return (
        entry.step == UndoStep.REPLACE
        and entry.source_sha256 == source.sha256
        and log.folder / entry.target == file.target
        and has_sha256(file.target, entry.result_sha256)
        and has_sha256(Path(entry.backup), entry.source_sha256)
    )


def _check_without_record(metadata: Metadata) -> None:
    """Raise SourceRetained if an image has a run record, even one that is invalid."""
    if metadata.xmp is not None and read_run_record_properties(metadata.xmp) is not None:
        raise SourceRetained(RetentionReason.RECORD)


def _find_format_path(file: PlannedFile, source: SourceImage) -> Path:
    """Return the path of a source with a suffix of its format, which its name need not have.

    Raises SourceRetained if no result can be written in the format of the source.
    """
    if isinstance(source, JpegImage):
        return file.target.with_suffix(SaveFormat.JPEG.suffixes[0])
    with reading(file.source), file.source.open("rb") as opened:
        format_name = detect_format(opened.read(_SIGNATURE_BYTES))
    save_format = next((each for each in SaveFormat if each == format_name), None)
    if save_format is None:
        raise SourceRetained(Message(RetentionReason.FORMAT, {"format": format_name}))
    return file.target.with_suffix(save_format.suffixes[0])
