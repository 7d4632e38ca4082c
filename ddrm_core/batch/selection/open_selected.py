"""Opening of a file of a batch, with the decision of the selection rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from ddrm_core.batch.outcome import FileOutcome, FileState
from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.selection.compression_facts import (
    CompressionFacts,
    compression_facts_from_header,
    find_compression_facts,
)
from ddrm_core.batch.selection.rule import ALL_FILES, SelectionRule
from ddrm_core.batch.selection.search_log import SearchFinding, SearchLog
from ddrm_core.batch.selection.select_file import Selection, select_file
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
from ddrm_core.errors import NotAJpeg
from ddrm_core.jpeg.header import read_header
from ddrm_core.restoration.assumption import assumption_from_previous
from ddrm_core.restoration.source import SourceImage, open_source_image


@dataclass(frozen=True, slots=True, eq=False)
class OpenedFile:
    """A file of a batch that is opened for its restoration.

    Attributes:
        source: Content of the file.
        settings: Settings of the batch, with the earlier compression that is assumed for the file.
        selection: Decision of the selection rule, None if the rule restores all files by their own
            tables.
    """

    source: SourceImage
    settings: BatchSettings
    selection: Selection | None


@dataclass(frozen=True, slots=True, eq=False)
class SelectedFile:
    """A file of a batch with the decision of the selection rule; it need not be opened.

    Attributes:
        file: Planned file.
        settings: See `OpenedFile`.
        selection: See `OpenedFile`.
        opened_source: Content of the file, None if the file is not opened yet.
    """

    file: PlannedFile
    settings: BatchSettings
    selection: Selection | None
    opened_source: SourceImage | None = None

    def open_source(self) -> SourceImage:
        """Return the content of the file. Raise the errors of `open_source_image`."""
        return self.opened_source or _open_source(self.file, self.settings)


def open_selected(file: PlannedFile, settings: BatchSettings, token: CancelToken) -> OpenedFile:
    """Open a file and decide whether the selection rule of the settings selects the file.

    Raises:
        OperationCancelled: If `token` was cancelled.
        CoreError: See `open_source_image`; a file that cannot be read is not selected or left, but
            failed.
    """
    source = _open_source(file, settings)
    if not settings.selection.is_active:
        return OpenedFile(source, settings, None)
    selection = _decide(find_compression_facts(source, token), settings)
    return OpenedFile(source, _assume_selected(settings, selection), selection)


def select_source(
    file: PlannedFile,
    source_sha256: str,
    settings: BatchSettings,
    search_log: SearchLog,
    token: CancelToken,
) -> SelectedFile:
    """Decide whether the selection rule of the settings selects a file.

    A file whose content was searched before, by any batch of the folder, is not opened: its header
    and the finding give the same decision.

    Args:
        file: Planned file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings: Settings of the batch.
        search_log: Search log of the folder of the results.
        token: Cancel token, checked during a search.

    Raises:
        UnwritableOutput: If the search log cannot be written.
        OperationCancelled, CoreError: See `open_selected`.
    """
    if not settings.selection.is_active:
        return SelectedFile(file, settings, None)
    source, finding = None, search_log.find(source_sha256)
    if finding is None:
        source = _open_source(file, settings)
        facts = find_compression_facts(source, token)
        # The readable part of a damaged file is not what another batch may restore.
        if not facts.is_damaged:
            search_log.add(source_sha256, SearchFinding(facts.previous_compression))
    else:
        facts = _read_facts(file.source, finding)
    selection = _decide(facts, settings)
    return SelectedFile(file, _assume_selected(settings, selection), selection, source)


def add_known_sign(
    outcome: FileOutcome,
    source_sha256: str,
    settings: BatchSettings,
    rule: SelectionRule,
    search_log: SearchLog,
) -> FileOutcome:
    """Return the outcome of an earlier result, with the sign that an earlier search has found.

    The report of a batch that continues then has the same estimates as that of the first one.

    Args:
        outcome: Outcome of a JPEG or another file.
        source_sha256: SHA-256 of the source's bytes, in hexadecimal.
        settings: Settings of the file, with the earlier compression that is assumed for it.
        rule: Rule of the batch; one that restores all files by their own tables adds nothing.
        search_log: Search log of the folder of the results.

    Raises:
        UnreadableFile: If the search log or the file cannot be read.
    """
    finding = search_log.find(source_sha256) if rule.is_active else None
    if finding is None or finding.previous_compression is None:
        return outcome
    if _read_facts(outcome.file.source, finding).quality is None:
        return outcome
    sign = finding.previous_compression
    is_restored_for_sign = (
        outcome.state is FileState.SKIPPED
        and settings.assumption == assumption_from_previous(sign, is_damaged=False)
    )
    assumption = settings.assumption if is_restored_for_sign else None
    return replace(outcome, selection=Selection(assumption=assumption, sign=sign))


def _open_source(file: PlannedFile, settings: BatchSettings) -> SourceImage:
    return open_source_image(
        file.source, tolerate_damage=settings.tolerate_damage, max_pixels=settings.max_pixels
    )


def _read_facts(path: Path, finding: SearchFinding) -> CompressionFacts:
    """Return the facts about a file that was searched before, without decoding the file."""
    try:
        facts = compression_facts_from_header(read_header(path))
    except NotAJpeg:
        facts = CompressionFacts()
    return replace(facts, previous_compression=finding.previous_compression)


def _decide(facts: CompressionFacts, settings: BatchSettings) -> Selection:
    quality = settings.assumption.quality
    return select_file(facts, settings.selection, assumed_quality=quality)


def _assume_selected(settings: BatchSettings, selection: Selection) -> BatchSettings:
    """Return the settings with the earlier compression that is assumed for a file, if any."""
    if selection.assumption is None:
        return settings
    return replace(settings, assumption=selection.assumption, selection=ALL_FILES)
