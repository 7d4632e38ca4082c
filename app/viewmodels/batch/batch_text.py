"""What the window says about a queue, and what the queue takes from the window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from app.config.save_choices import SaveChoices
from app.i18n.error_messages import UserMessage, unwritable_folder_advice, unwritable_folder_title
from app.i18n.formatting import format_decimal, format_percent, format_whole_percent, preset_label
from app.i18n.translation import tr
from app.jobs.batch.batch_items import BatchItem, CommonSettings, RestoreSettings
from app.viewmodels.batch.batch_counts import BatchCounts
from app.viewmodels.batch.batch_state import BatchPhase, BatchState, find_example_item
from app.viewmodels.document.facts import format_clock_time
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.priors.priors_text import BUNDLED_PRIOR_NAME
from ddrm_core.errors import UnwritableOutput
from ddrm_core.formats.capabilities import BIT_DEPTHS, SaveFormat
from ddrm_core.restoration.assumption import NO_ASSUMPTION
from ddrm_core.sampler.settings import find_preset


def restore_settings_from_window(
    parameters: ParametersState, *, use_assumption: bool
) -> RestoreSettings:
    """How the window would restore a file now.

    Args:
        parameters: The choices in force.
        use_assumption: Whether what is assumed of the opened file's compression counts; it is not
            known of other files.
    """
    return RestoreSettings(
        parameters.settings,
        parameters.seed,
        parameters.device,
        parameters.prior,
        parameters.assumption if use_assumption else NO_ASSUMPTION,
    )


def common_settings_from_window(
    parameters: ParametersState, choices: SaveChoices
) -> CommonSettings:
    """Return what a batch would take from the window now, in a format for ordinary pictures."""
    restore, export = restore_settings_from_window(parameters, use_assumption=False), choices.export
    if export.same_levels:
        jpeg = replace(export, bits=BIT_DEPTHS[0], bake_orientation=False)
        return CommonSettings(restore, jpeg, SaveFormat.JPEG.suffixes[0])
    suffix = SaveOptionsState(choices).proposed_format.suffixes[0]
    return CommonSettings(restore, export, suffix)


def restore_settings_text(settings: RestoreSettings) -> str:
    """How a file is restored, in a line: "Best, prior compact, seed 3, quality factor 10"."""
    sampler = settings.sampler
    preset = find_preset(sampler)
    if preset is not None:
        parts = [preset_label(preset)]
    else:
        is_single_sample = sampler.samples == 1
        counts_text = (
            tr("{steps} steps, 1 sample")
            if is_single_sample
            else tr("{steps} steps, {samples} samples")
        )
        parts = [counts_text.format(steps=sampler.steps, samples=sampler.samples)]
    parts.append(tr("prior {name}").format(name=settings.prior or BUNDLED_PRIOR_NAME))
    parts.append(tr("seed {seed}").format(seed=settings.seed))
    quality = settings.assumption.quality
    if quality is not None:
        parts.append(tr("quality factor {quality}").format(quality=quality))
    return ", ".join(parts)


def export_settings_text(settings: CommonSettings) -> str:
    """How results are written, in a few words: "PNG, 8 bits"."""
    if settings.export.same_levels:
        return tr("JPEG with each file's own tables")
    text = tr("{format}, {bits} bits")
    return text.format(format=settings.suffix.lstrip(".").upper(), bits=settings.export.bits)


def effective_settings_text(state: BatchState) -> str:
    """What the queue restores and writes with."""
    settings = state.effective_settings
    if settings is None:
        return ""
    text = f"{restore_settings_text(settings.restore)}; {export_settings_text(settings)}"
    if state.captured_settings is None:
        return tr("As the window is set: {settings}").format(settings=text)
    return tr("As it was started: {settings}").format(settings=text)


def format_item_name(item: BatchItem) -> str:
    """A file's name, with the folders between it and the one that was added."""
    if item.base_folder is not None and item.source.is_relative_to(item.base_folder):
        return str(item.source.relative_to(item.base_folder))
    return item.source.name


def item_status_text(item: BatchItem, fraction_done: float | None) -> str:
    """How far a file is.

    Args:
        item: The file.
        fraction_done: Of its work, that is done, 0 to 1; None where it is not worked on.
    """
    if fraction_done:
        return tr("Working, {share}").format(share=format_whole_percent(fraction_done))
    return tr(item.status.value)


def item_tooltip(item: BatchItem, settings: RestoreSettings | None) -> str:
    """All there is to say of a file, in lines."""
    lines = [str(item.source)]
    if item.status.has_result and item.target is not None:
        lines.append(tr("Result: {path}").format(path=item.target))
    if settings is not None:
        text = tr("Settings of its own: {words}") if item.own_settings else tr("Settings: {words}")
        lines.append(text.format(words=restore_settings_text(settings)))
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
    """What a result's picture is called beside its source."""
    if item.consistency is None:
        return tr("Result")
    return tr("Result, consistency {share}").format(share=format_percent(item.consistency))


def batch_progress_text(state: BatchState) -> str:
    """The line beside the queue's bar."""
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
    elif counts.remaining:
        text = tr("{left} of {total} left")
    else:
        text = tr("All {total} finished")
    time_left = format_clock_time(state.seconds_left or 0.0)
    text = text.format(
        done=counts.finished, total=counts.total, left=counts.remaining, time=time_left
    )
    if counts.failed:
        failed_text = tr("1 failed") if counts.failed == 1 else tr("{count} failed")
        text = f"{text}, {failed_text.format(count=counts.failed)}"
    if state.watched_folder is not None:
        watched_text = (
            tr("{folder} is gone")
            if state.watched_folder.is_unavailable
            else tr("watching {folder}")
        )
        text = f"{text}, {watched_text.format(folder=state.watched_folder.folder.name)}"
    if state.active_searches:
        searching_text = tr("Looking through folders…")
        text = f"{text}. {searching_text}"
    return text


def output_location_text(state: BatchState) -> str:
    """Where results go, in a line."""
    folder = state.output_location.folder
    if folder is None:
        return tr("Where results go")
    if state.example_path:
        return tr("Results go to {path}").format(path=folder / state.example_path)
    return tr("Results go to {path}").format(path=folder)


def example_path_text(state: BatchState) -> str:
    """What the template makes of the first file, or why it makes nothing."""
    if state.output_problem is not None:
        return state.output_problem.as_line()
    item = find_example_item(state)
    if item is None or not state.example_path:
        return tr("An example is shown here once there is a file")
    text = tr("{name} becomes {example}")
    return text.format(name=item.source.name, example=state.example_path)


def batch_window_title(state: BatchState, window_title: str) -> str:
    """The window's title while a queue is under way."""
    if not state.is_active:
        return window_title
    return f"{state.counts.finished}/{state.counts.total} – {window_title}"  # noqa: RUF001


def batch_finished_message(counts: BatchCounts) -> UserMessage:
    """What to say when nothing is left."""
    if counts.kept_results:
        title = tr(
            "The folder is finished: {done} restored, {skipped} done before,"
            " {kept} done before with other settings, {failed} failed"
        )
    elif counts.skipped:
        title = tr(
            "The folder is finished: {done} restored, {skipped} done before, {failed} failed"
        )
    elif counts.failed:
        title = tr("The folder is finished: {done} restored, {failed} failed")
    else:
        title = tr("The folder is finished: {done} restored")
    title = title.format(
        done=counts.done, skipped=counts.skipped, kept=counts.kept_results, failed=counts.failed
    )
    if counts.failed:
        return UserMessage(title, tr("Each failed file says what is wrong, and what can be done."))
    return UserMessage(title, tr("A double click on a file opens it with its result."))


def redo_question(file_count: int) -> UserMessage:
    """Return the question to ask when files have results that other settings made."""
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
    """Return the message for a queue that pauses because nothing more can be written."""
    if remaining == 1:
        resume_text = tr("1 file is left; the folder goes on where it stopped.")
    else:
        resume_text = tr("{count} files are left; the folder goes on where it stopped.")
    advice = f"{unwritable_folder_advice(error)} {resume_text.format(count=remaining)}"
    return UserMessage(unwritable_folder_title(folder, error), advice)


def unfinished_batch_message(counts: BatchCounts) -> UserMessage:
    """What to say at the start when something is left from the last time."""
    title = tr("A folder is not finished: {left} of {total} left")
    return UserMessage(
        title.format(left=counts.remaining, total=counts.total),
        tr("It goes on where it stopped; what is done is not done again."),
    )


def search_finished_message(file_count: int, folder_errors: tuple[str, ...]) -> UserMessage | None:
    """What to say after a search, None where there is nothing worth it."""
    if folder_errors:
        title = tr("Not every folder could be looked into")
        return UserMessage(title, "\n".join(folder_errors[:4]))
    if not file_count:
        return UserMessage(
            tr("No pictures were found there"),
            tr("Only JPEGs are looked for, unless other pictures are switched on."),
        )
    return None


def batch_report_saved_message(path: Path) -> UserMessage:
    """What to say when a report was written."""
    return UserMessage(
        tr("Saved {name}").format(name=path.name),
        tr("It is in {folder}.").format(folder=path.parent),
    )


def watched_folder_unavailable_message(folder: Path) -> UserMessage:
    """What to say when the watched folder cannot be read."""
    return UserMessage(
        tr("The watched folder {folder} cannot be read").format(folder=folder),
        tr("It is watched again as soon as it is back."),
    )
