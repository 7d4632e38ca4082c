"""The plan to replace the originals of a batch, and reasons to refuse it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.i18n.error_messages import UserMessage
from app.i18n.translation import tr
from app.jobs.batch.batch_items import BatchItem, CommonSettings
from app.jobs.batch.replacing import ReplacementChoice, ReplacementPlan
from app.viewmodels.batch.batch_state import BatchState
from ddrm_core.formats.capabilities import SaveFormat, save_format_from_path
from ddrm_core.formats.suffixes import JPEG_FILE_SUFFIXES
from ddrm_core.metadata.model import MetadataPolicy


def plan_replacement(state: BatchState, choice: ReplacementChoice) -> ReplacementPlan | UserMessage:
    """Return the plan for all pending items, or a message that says what has to be changed.

    The rules are those of `batch --replace-originals`.

    Args:
        state: State of a batch that can start.
        choice: Place to which the originals move.
    """
    pending = [item for item in state.items if item.status.is_pending]
    settings = state.effective_settings
    assert settings is not None  # the batch can start
    folder = find_common_folder(pending)
    advice = _find_obstacle(state, settings, pending) or _find_place_obstacle(folder, choice)
    if advice is not None or folder is None:
        return UserMessage(tr("The originals are not replaced"), advice or "")
    return ReplacementPlan(folder, choice, frozenset(item.item_id for item in pending))


def find_common_folder(items: Iterable[BatchItem]) -> Path | None:
    """Return the added folder that contains all items, None if there is no such folder.

    A file that was added by itself counts as one of its folder.
    """
    members = tuple(items)
    folders = {item.base_folder or item.source.parent for item in members}
    for folder in folders:
        if all(item.source.is_relative_to(folder) for item in members):
            return folder
    return None


def _find_obstacle(
    state: BatchState, settings: CommonSettings, items: Iterable[BatchItem]
) -> str | None:
    """Return what to change among the settings of a batch, None if nothing has to be changed."""
    if state.watched_folder is not None:
        return tr(
            "Stop watching the folder first: only pictures that the question counts are replaced."
        )
    if settings.export.policy is not MetadataPolicy.ALL:
        return tr("Choose the metadata All, because nothing may be lost.")
    if settings.export.same_levels:
        return tr("Switch off Same compression as the source.")
    if not settings.keep_date:
        return tr("Switch on Keep the file's date in the export options.")
    if state.selection.copies_others:
        return tr("Choose Skip the others instead of Copy the others.")
    return _find_format_obstacle(settings, items)


def _find_format_obstacle(settings: CommonSettings, items: Iterable[BatchItem]) -> str | None:
    """Return what to change if a result would have another format than its original."""
    result_format = save_format_from_path(Path(f"result{settings.suffix}"))
    formats = {_find_format(item.source) for item in items}
    if formats == {result_format}:
        return None
    if len(formats) == 1 and None not in formats:
        [source_format] = formats
        text = tr("Choose the format {format}, which the originals have.")
        return text.format(format=source_format)
    text = tr("Remove the files from the list that have another format than {format}.")
    return text.format(format=result_format)


def _find_format(path: Path) -> SaveFormat | None:
    if path.suffix.lower() in JPEG_FILE_SUFFIXES:
        return SaveFormat.JPEG
    return save_format_from_path(path)


def _find_place_obstacle(folder: Path | None, choice: ReplacementChoice) -> str | None:
    """Return what to change if the originals have no common folder, or no place to go."""
    if folder is None:
        return tr("Remove files of other folders from the list: one folder can be undone at once.")
    backup_folder = choice.backup_folder
    if backup_folder is not None and backup_folder.resolve().is_relative_to(folder.resolve()):
        text = tr("Choose a place for the originals outside of {folder}.")
        return text.format(folder=folder)
    return None
