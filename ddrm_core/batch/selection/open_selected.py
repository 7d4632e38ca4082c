"""Opening of a file of a batch, with the decision of the selection rule."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ddrm_core.batch.output_paths import PlannedFile
from ddrm_core.batch.selection.compression_facts import find_compression_facts
from ddrm_core.batch.selection.rule import ALL_FILES
from ddrm_core.batch.selection.select_file import Selection, select_file
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.cancel import CancelToken
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


def open_selected(file: PlannedFile, settings: BatchSettings, token: CancelToken) -> OpenedFile:
    """Open a file and decide whether the selection rule of the settings selects the file.

    Raises:
        OperationCancelled: If `token` was cancelled.
        CoreError: See `open_source_image`; a file that cannot be read is not selected or left, but
            failed.
    """
    source = open_source_image(
        file.source, tolerate_damage=settings.tolerate_damage, max_pixels=settings.max_pixels
    )
    rule = settings.selection
    if not rule.is_active:
        return OpenedFile(source, settings, None)
    facts = find_compression_facts(source, token)
    selection = select_file(facts, rule, assumed_quality=settings.assumption.quality)
    if selection.assumption is not None:
        settings = replace(settings, assumption=selection.assumption, selection=ALL_FILES)
    return OpenedFile(source, settings, selection)
