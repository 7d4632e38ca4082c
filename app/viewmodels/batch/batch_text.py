"""Texts about a batch, and the settings that a batch takes from the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.config.save_choices import SaveChoices
from app.i18n.error_messages import UserMessage, unwritable_folder_advice, unwritable_folder_title
from app.i18n.formatting import (
    format_decimal,
    format_format_counts,
    format_percent,
    format_size,
    format_whole_percent,
)
from app.i18n.translation import tr
from app.jobs.batch.batch_items import BatchItem, CommonSettings
from app.jobs.batch.search_files import FolderSearchSummary
from app.jobs.run.restore_settings import RestoreSettings
from app.viewmodels.batch.batch_counts import BatchCounts
from app.viewmodels.batch.batch_events import BatchFinished
from app.viewmodels.batch.batch_state import BatchPhase, BatchState, find_example_item
from app.viewmodels.batch.overview.batch_cost import NO_COST, BatchCostState
from app.viewmodels.batch.overview.batch_cost_text import expected_size_text, expected_time_text
from app.viewmodels.document.facts import format_clock_time
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.parameters.texture import preset_and_texture_text
from app.viewmodels.priors.priors_text import BUNDLED_PRIOR_NAME
from app.viewmodels.run.progress_text import time_left_text
from ddrm_core.batch.output_check import DiskSpace
from ddrm_core.errors import UnwritableOutput
from ddrm_core.formats.capabilities import BIT_DEPTHS, SaveFormat, save_format_from_path
from ddrm_core.formats.suffixes import OTHER_IMAGE_SUFFIXES, UNSUPPORTED_IMAGE_SUFFIXES
from ddrm_core.restoration.assumption import NO_ASSUMPTION


def restore_settings_from_window(
    parameters: ParametersState, *, use_assumption: bool
) -> RestoreSettings:
    """Return the settings with which the window would restore a file now.

    Args:
        parameters: The current parameters.
        use_assumption: Whether to include the assumption about the opened file, which may not apply
            to other files.
    """
    settings = replace(parameters.settings, is_prior_fallback=parameters.is_prior_fallback)
    return settings if use_assumption else replace(settings, assumption=NO_ASSUMPTION)


def common_settings_from_window(
    parameters: ParametersState, choices: SaveChoices
) -> CommonSettings:
    """Return the common settings that a batch would capture if it were started now."""
    restore, export = restore_settings_from_window(parameters, use_assumption=False), choices.export
    if export.same_levels:
        jpeg = replace(export, bits=BIT_DEPTHS[0], bake_orientation=False)
        suffix = SaveFormat.JPEG.suffixes[0]
        return CommonSettings(restore, jpeg, suffix, keep_date=choices.keep_date)
    suffix = SaveOptionsState(choices).proposed_format.suffixes[0]
    return CommonSettings(restore, export, suffix, keep_date=choices.keep_date)


def restore_settings_text(settings: RestoreSettings) -> str:
    """Return a line such as "Best, prior compact, seed 3, quality factor 10"."""
    sampler = settings.sampler
    preset_text = preset_and_texture_text(sampler)
    if preset_text is not None:
        parts = [preset_text]
    else:
        is_single_sample = sampler.samples == 1
        counts_text = (
            tr("{steps} steps, 1 version")
            if is_single_sample
            else tr("{steps} steps, {samples} versions")
        )
        parts = [counts_text.format(steps=sampler.steps, samples=sampler.samples)]
    parts.append(tr("model {name}").format(name=settings.prior or BUNDLED_PRIOR_NAME))
    parts.append(tr("seed {seed}").format(seed=settings.seed))
    quality = settings.assumption.quality
    if quality is not None:
        parts.append(tr("quality factor {quality}").format(quality=quality))
    return ", ".join(parts)


def export_settings_text(settings: CommonSettings) -> str:
    """Return the format of results in a few words, such as "PNG, 8 bits"."""
    if settings.export.same_levels:
        return tr("JPEG, same compression as each source")
    save_format = save_format_from_path(Path(f"result{settings.suffix}"))
    text = tr("{format}, {bits} bits")
    return text.format(format=save_format, bits=settings.export.bits)


def effective_settings_text(state: BatchState) -> str:
    """Return the line about the batch's settings, empty if no settings are known yet."""
    settings = state.effective_settings
    if settings is None:
        return ""
    text = f"{restore_settings_text(settings.restore)}; {export_settings_text(settings)}"
    if state.captured_settings is None:
        return tr("Settings of the window: {settings}").format(settings=text)
    return tr("Settings at the start: {settings}").format(settings=text)


def format_item_name(item: BatchItem) -> str:
    """Return a file's path relative to the added folder, or its name without such a folder."""
    if item.base_folder is not None and item.source.is_relative_to(item.base_folder):
        return str(item.source.relative_to(item.base_folder))
    return item.source.name


def item_status_text(item: BatchItem, fraction_done: float | None) -> str:
    """Return the text of an item's status, with the progress of an item in progress.

    Args:
        item: The batch item.
        fraction_done: Fraction of the item's work that is done, 0 to 1; None if the item is not
            being restored.
    """
    if fraction_done:
        return tr("Working, {share}").format(share=format_whole_percent(fraction_done))
    return tr("Partly") if item.is_partial else tr(item.status.value)


def item_tooltip(item: BatchItem, settings: RestoreSettings | None) -> str:
    """Return the lines of an item's tooltip: paths, settings, consistency and message."""
    lines = [str(item.source)]
    if item.status.has_result and item.target is not None:
        lines.append(tr("Result: {path}").format(path=item.target))
    if settings is not None:
        text = tr("Settings of its own: {words}") if item.own_settings else tr("Settings: {words}")
        lines.append(text.format(words=restore_settings_text(settings)))
    if item.sizes is not None:
        text = tr("Size: {before} before, {after} after")
        before, after = format_size(item.sizes.source), format_size(item.sizes.result)
        lines.append(text.format(before=before, after=after))
    if item.consistency is not None:
        lines.append(tr("Consistency: {share}").format(share=format_percent(item.consistency)))
    if item.message:
        lines.append(item.message)
    return "\n".join(lines)


def format_item_consistency(item: BatchItem) -> str:
    return "" if item.consistency is None else format_percent(item.consistency)


def format_item_seconds(item: BatchItem) -> str:
    return "" if item.seconds is None else format_decimal(item.seconds, 1)


def batch_result_label(item: BatchItem) -> str:
    """Return the gallery's label of an item's result, with the consistency if known."""
    if item.consistency is None:
        return tr("Result")
    return tr("Result, consistency {share}").format(share=format_percent(item.consistency))


def batch_progress_text(state: BatchState, cost: BatchCostState = NO_COST) -> str:
    """Return the text beside the progress bar, such as "3 of 10, 1:20 left, 1 failed".

    Before the start, the text has the expected time, and at the end the sizes of the files before
    and after.

    Args:
        state: State of the batch.
        cost: Expected cost of the pending items.
    """
    counts = state.counts
    if not counts.total:
        text = tr("Nothing to restore yet")
    elif state.phase is BatchPhase.PAUSING:
        text = tr("Pausing after this file: {done} of {total}")
    elif state.phase is BatchPhase.STOPPING:
        text = tr("Stopping…")
    elif state.seconds_left is not None:
        text = tr("{done} of {total}, {time} left")
    elif state.is_active:
        text = tr("{done} of {total}")
    elif counts.remaining and (time_text := expected_time_text(cost)):
        text = f"{tr('{left} of {total} left')}, {time_text}"
    elif counts.remaining:
        text = tr("{left} of {total} left")
    else:
        text = tr("All {total} finished")
    time_left = format_clock_time(state.seconds_left or 0.0)
    text = text.format(
        done=counts.finished,
        total=counts.total,
        left=counts.remaining,
        time=time_left,
    )
    if counts.failed:
        failed_text = tr("1 failed") if counts.failed == 1 else tr("{count} failed")
        text = f"{text}, {failed_text.format(count=counts.failed)}"
    if counts.sizes.result and not counts.remaining and not state.is_active:
        before, after = format_size(counts.sizes.source), format_size(counts.sizes.result)
        text = f"{text}, {tr('{before} → {after}').format(before=before, after=after)}"
    if state.watched_folder is not None:
        watched_text = (
            tr("{folder} is unavailable")
            if state.watched_folder.is_unavailable
            else tr("watching {folder}")
        )
        text = f"{text}, {watched_text.format(folder=state.watched_folder.folder.name)}"
    if state.active_searches:
        searching_text = tr("Searching folders…")
        text = f"{text}. {searching_text}"
    return text


def output_location_text(state: BatchState, cost: BatchCostState = NO_COST) -> str:
    """Return the line that names the folder of results, their format and their expected size."""
    folder, settings = state.output_location.folder, state.effective_settings
    if state.replacement is not None:
        return tr("Results replace their originals")
    if folder is None:
        return tr("Output folder")
    path = folder / state.example_path if state.example_path else folder
    if settings is None:
        return tr("Output folder: {path}").format(path=path)
    text = tr("Output folder: {path} ({format})")
    texts = (export_settings_text(settings), expected_size_text(cost))
    return text.format(path=path, format=", ".join(filter(None, texts)))


def example_path_text(state: BatchState) -> str:
    """Return the line with the first item's target, or with the output location's problem."""
    if state.replacement is not None:
        return tr("Results get the names of their originals")
    if state.output_problem is not None:
        return state.output_problem.as_line()
    item = find_example_item(state)
    if item is None or not state.example_path:
        return tr("An example appears here once a file is added")
    text = tr("{name} becomes {example}")
    return text.format(name=item.source.name, example=state.example_path)


def batch_window_title(state: BatchState, window_title: str) -> str:
    """Return the window's title, with the progress of an active batch and its time left."""
    if not state.is_active:
        return window_title
    progress = f"{state.counts.finished}/{state.counts.total}"
    if state.seconds_left is not None:
        progress = f"{progress}, {time_left_text(state.seconds_left)}"
    return f"{progress} – {window_title}"  # noqa: RUF001


def batch_finished_message(event: BatchFinished) -> UserMessage:
    """Return the message, after the last item, that counts the items by status.

    If items failed, the message names the most frequent reason.
    """
    counts = event.counts
    parts = [tr("{count} restored").format(count=counts.done)]
    for count, text in (
        (counts.partial, tr("{count} of them partly")),
        (counts.skipped, tr("{count} done before")),
        (counts.kept_results, tr("{count} done before with other settings")),
        (counts.others, tr("{count} not needed")),
        (counts.copied, tr("{count} copied")),
        (counts.retained, tr("{count} not replaced")),
        (counts.failed, tr("{count} failed")),
    ):
        if count:
            parts.append(text.format(count=count))
    title = tr("The folder is finished: {counts}").format(counts=", ".join(parts))
    if event.failure is None:
        return UserMessage(title, tr("A double click on a file opens it with its result."))
    reason, failed_count = event.failure
    if failed_count == 1:
        return UserMessage(title, reason)
    text = tr("{count} files: {reason}")
    return UserMessage(title, text.format(count=failed_count, reason=reason))


def redo_question(file_count: int) -> UserMessage:
    """Return the question whether to replace existing results that other settings made."""
    if file_count == 1:
        return UserMessage(
            tr("1 file has a result made with other settings"),
            tr("Restore it again and replace that result?"),
        )
    return UserMessage(
        tr("{count} files have results made with other settings").format(count=file_count),
        tr("Restore them again and replace those results?"),
    )


def batch_paused_message(folder: Path, error: UnwritableOutput, remaining: int) -> UserMessage:
    """Return the message about a batch that was paused because results cannot be written."""
    if remaining == 1:
        resume_text = tr("1 file is left; Resume continues with it.")
    else:
        resume_text = tr("{count} files are left; Resume continues with them.")
    advice = f"{unwritable_folder_advice(error)} {resume_text.format(count=remaining)}"
    return UserMessage(unwritable_folder_title(folder, error), advice)


def scarce_space_message(space: DiskSpace) -> UserMessage:
    """Return the warning that the results of a batch may not fit on the disk."""
    title = tr("The disk may become full: about {needed} needed, {free} free")
    return UserMessage(
        title.format(needed=format_size(space.needed_bytes), free=format_size(space.free_bytes)),
        tr("The folder pauses when no space is left; no result is lost."),
    )


def unfinished_batch_message(counts: BatchCounts) -> UserMessage:
    """Return the message about an unfinished batch of the previous session."""
    title = tr("A folder is not finished: {left} of {total} left")
    return UserMessage(
        title.format(left=counts.remaining, total=counts.total),
        tr("Resume continues with the files that are left."),
    )


def search_finished_message(summary: FolderSearchSummary) -> UserMessage | None:
    """Return the message about a search for files, None if every picture was added.

    The message names unreadable folders, or else counts the pictures that were left out or that
    were in the list already.
    """
    if summary.folder_errors:
        return UserMessage(
            tr("Some folders could not be read"), "\n".join(summary.folder_errors[:4])
        )
    new_count = summary.file_count - summary.known_count
    sentences = []
    if new_count and summary.known_count:
        text = tr("Already in the list: {count}.")
        sentences.append(text.format(count=summary.known_count))
    if has_omitted_sources(summary):
        counts = format_format_counts(summary.omitted_counts, OTHER_IMAGE_SUFFIXES)
        text = tr("Left out: {counts}. Only files that were JPEGs before can be restored.")
        sentences.append(text.format(counts=counts))
    unsupported = format_format_counts(summary.omitted_counts, UNSUPPORTED_IMAGE_SUFFIXES)
    if unsupported:
        text = tr("Left out: {counts}, formats that cannot be restored.")
        sentences.append(text.format(counts=unsupported))
    if not summary.file_count:
        advice = tr("Only JPEGs are added, unless other pictures are switched on.")
        return UserMessage(tr("No pictures were found there"), " ".join(sentences) or advice)
    if not new_count:
        advice = tr("A file is in the list only once.")
        title = tr("These files are in the list already")
        return UserMessage(title, " ".join(sentences) or advice)
    if not sentences:
        return None
    title = tr("1 file was found") if summary.file_count == 1 else tr("{count} files were found")
    return UserMessage(title.format(count=summary.file_count), " ".join(sentences))


def has_omitted_sources(summary: FolderSearchSummary) -> bool:
    """Return whether a search left out pictures that can be added with other options."""
    return any(suffix in OTHER_IMAGE_SUFFIXES for suffix, _ in summary.omitted_counts)


def batch_report_saved_message(path: Path) -> UserMessage:
    """Return the message after a report was saved."""
    return UserMessage(
        tr("Saved {name}").format(name=path.name),
        tr("It is in {folder}.").format(folder=path.parent),
    )


def watched_folder_unavailable_message(folder: Path) -> UserMessage:
    """Return the message about a watched folder that cannot be read."""
    return UserMessage(
        tr("The watched folder {folder} cannot be read").format(folder=folder),
        tr("Watching continues as soon as the folder is available again."),
    )
