"""What the window says about a queue, and what the queue takes from the window."""

from __future__ import annotations

from pathlib import Path

from app.config.save_choices import BITS, SaveChoices, SaveFormat
from app.i18n.error_messages import Message, unwritable_advice, unwritable_title
from app.i18n.formatting import decimal_words, percent, preset_words, whole_percent
from app.i18n.translation import tr
from app.jobs.batch.batch_items import FileSettings, QueueSettings, Row, Saving
from app.viewmodels.batch.batch_counts import Tally
from app.viewmodels.batch.batch_state import Phase, QueueState, example_row
from app.viewmodels.document.facts import clock_words
from app.viewmodels.export.save_options import SaveOptionsState
from app.viewmodels.parameters.parameters import ParametersState
from app.viewmodels.priors.priors_text import BUNDLED_NAME
from ddrm_core.errors import UnwritableOutput
from ddrm_core.sampler.settings import PRESETS


def file_settings(parameters: ParametersState, *, assumed: bool) -> FileSettings:
    """How the window would restore a file now.

    Args:
        parameters: The choices in force.
        assumed: Whether what is assumed of the opened file's compression counts; it is not known
            of other files.
    """
    return FileSettings(
        parameters.settings,
        parameters.seed,
        parameters.device,
        parameters.prior,
        parameters.quality if assumed else None,
        parameters.grid if assumed else None,
        parameters.sampling if assumed else None,
    )


def saving_of(choices: SaveChoices) -> Saving:
    """How the window would save, in a format that holds ordinary pictures with these bits."""
    if choices.same_levels:
        suffix = SaveFormat.JPEG.suffixes[0]
        return Saving(suffix, BITS[0], choices.policy, False, choices.jpeg_quality, True)
    suffix = SaveOptionsState(choices).format.suffixes[0]
    return Saving(suffix, choices.bits, choices.policy, choices.upright, choices.jpeg_quality)


def queue_settings(parameters: ParametersState, choices: SaveChoices) -> QueueSettings:
    """What a queue would take from the window now."""
    return QueueSettings(file_settings(parameters, assumed=False), saving_of(choices))


def settings_words(settings: FileSettings) -> str:
    """How a file is restored, in a line: "Best, prior compact, seed 3, quality factor 10"."""
    sampler = settings.sampler
    preset = next((name for name, s in PRESETS.items() if s == sampler), None)
    if preset is not None:
        parts = [preset_words(preset)]
    else:
        one = sampler.samples == 1
        numbers = tr("{steps} steps, 1 sample") if one else tr("{steps} steps, {samples} samples")
        parts = [numbers.format(steps=sampler.steps, samples=sampler.samples)]
    parts.append(tr("prior {name}").format(name=settings.prior or BUNDLED_NAME))
    parts.append(tr("seed {seed}").format(seed=settings.seed))
    if settings.quality is not None:
        parts.append(tr("quality factor {quality}").format(quality=settings.quality))
    return ", ".join(parts)


def saving_words(saving: Saving) -> str:
    """How results are written, in a few words: "PNG, 8 bits"."""
    if saving.same_levels:
        return tr("JPEG with each file's own tables")
    words = tr("{format}, {bits} bits")
    return words.format(format=saving.suffix.lstrip(".").upper(), bits=saving.bits)


def in_force_words(state: QueueState) -> str:
    """What the queue restores and writes with."""
    settings = state.in_force
    if settings is None:
        return ""
    words = f"{settings_words(settings.file)}; {saving_words(settings.saving)}"
    if state.settings is None:
        return tr("As the window is set: {settings}").format(settings=words)
    return tr("As it was started: {settings}").format(settings=words)


def name_words(row: Row) -> str:
    """A file's name, with the folders between it and the one that was added."""
    if row.base is not None and row.source.is_relative_to(row.base):
        return str(row.source.relative_to(row.base))
    return row.source.name


def state_words(row: Row, share: float | None) -> str:
    """How far a file is.

    Args:
        row: The file.
        share: Of its work, that is done, 0 to 1; None where it is not worked on.
    """
    if share:
        return tr("Working, {share}").format(share=whole_percent(share))
    return tr(row.status.value)


def row_tip(row: Row, settings: FileSettings | None) -> str:
    """All there is to say of a file, in lines."""
    lines = [str(row.source)]
    if row.status.has_result and row.target is not None:
        lines.append(tr("Result: {path}").format(path=row.target))
    if settings is not None:
        words = tr("Settings of its own: {words}") if row.own else tr("Settings: {words}")
        lines.append(words.format(words=settings_words(settings)))
    if row.consistency is not None:
        lines.append(tr("Consistency: {share}").format(share=percent(row.consistency)))
    if row.message:
        lines.append(row.message)
    return "\n".join(lines)


def consistency_words(row: Row) -> str:
    return "" if row.consistency is None else percent(row.consistency)


def seconds_words(row: Row) -> str:
    return "" if row.seconds is None else decimal_words(row.seconds, 1)


def result_words(row: Row) -> str:
    """What a result's picture is called beside its source."""
    if row.consistency is None:
        return tr("Result")
    return tr("Result, consistency {share}").format(share=percent(row.consistency))


def progress_words(state: QueueState) -> str:
    """The line beside the queue's bar."""
    tally = state.tally
    if not tally.total:
        words = tr("Nothing to restore yet")
    elif state.phase is Phase.PAUSING:
        words = tr("Pausing after this file: {done} of {total}")
    elif state.phase is Phase.STOPPING:
        words = tr("Stopping…")
    elif state.seconds_left is not None:
        words = tr("{done} of {total}, {time} left")
    elif state.active:
        words = tr("{done} of {total}")
    elif tally.left:
        words = tr("{left} of {total} left")
    else:
        words = tr("All {total} finished")
    left = clock_words(state.seconds_left or 0.0)
    words = words.format(done=tally.finished, total=tally.total, left=tally.left, time=left)
    if tally.failed:
        failed = tr("1 failed") if tally.failed == 1 else tr("{count} failed")
        words = f"{words}, {failed.format(count=tally.failed)}"
    if state.watched is not None:
        watched = tr("{folder} is gone") if state.watched.gone else tr("watching {folder}")
        words = f"{words}, {watched.format(folder=state.watched.folder.name)}"
    if state.searching:
        looking = tr("Looking through folders…")
        words = f"{words}. {looking}"
    return words


def place_words(state: QueueState) -> str:
    """Where results go, in a line."""
    folder = state.place.folder
    if folder is None:
        return tr("Where results go")
    if state.example:
        return tr("Results go to {path}").format(path=folder / state.example)
    return tr("Results go to {path}").format(path=folder)


def example_words(state: QueueState) -> str:
    """What the template makes of the first file, or why it makes nothing."""
    if state.problem is not None:
        return state.problem.line()
    row = example_row(state)
    if row is None or not state.example:
        return tr("An example is shown here once there is a file")
    words = tr("{name} becomes {example}")
    return words.format(name=row.source.name, example=state.example)


def title_words(state: QueueState, title: str) -> str:
    """The window's title while a queue is under way."""
    if not state.active:
        return title
    return f"{state.tally.finished}/{state.tally.total} – {title}"  # noqa: RUF001


def ended_message(tally: Tally) -> Message:
    """What to say when nothing is left."""
    if tally.kept:
        title = tr(
            "The folder is finished: {done} restored, {skipped} done before,"
            " {kept} done before with other settings, {failed} failed"
        )
    elif tally.skipped:
        title = tr(
            "The folder is finished: {done} restored, {skipped} done before, {failed} failed"
        )
    elif tally.failed:
        title = tr("The folder is finished: {done} restored, {failed} failed")
    else:
        title = tr("The folder is finished: {done} restored")
    title = title.format(
        done=tally.done, skipped=tally.skipped, kept=tally.kept, failed=tally.failed
    )
    if tally.failed:
        return Message(title, tr("Each failed file says what is wrong, and what can be done."))
    return Message(title, tr("A double click on a file opens it with its result."))


def redo_question(count: int) -> Message:
    """Return the question to ask when files have results that other settings made."""
    if count == 1:
        return Message(
            tr("1 file has a result made with other settings"),
            tr("Restore it again and replace that result?"),
        )
    return Message(
        tr("{count} files have results made with other settings").format(count=count),
        tr("Restore them again and replace those results?"),
    )


def full_message(folder: Path, error: UnwritableOutput, left: int) -> Message:
    """Return the message for a queue that pauses because nothing more can be written."""
    if left == 1:
        goes_on = tr("1 file is left; the folder goes on where it stopped.")
    else:
        goes_on = tr("{count} files are left; the folder goes on where it stopped.")
    advice = f"{unwritable_advice(error)} {goes_on.format(count=left)}"
    return Message(unwritable_title(folder, error), advice)


def recalled_message(tally: Tally) -> Message:
    """What to say at the start when something is left from the last time."""
    title = tr("A folder is not finished: {left} of {total} left")
    return Message(
        title.format(left=tally.left, total=tally.total),
        tr("It goes on where it stopped; what is done is not done again."),
    )


def searched_message(count: int, refused: tuple[str, ...]) -> Message | None:
    """What to say after a search, None where there is nothing worth it."""
    if refused:
        title = tr("Not every folder could be looked into")
        return Message(title, "\n".join(refused[:4]))
    if not count:
        return Message(
            tr("No pictures were found there"),
            tr("Only JPEGs are looked for, unless other pictures are switched on."),
        )
    return None


def reported_message(path: Path) -> Message:
    """What to say when a report was written."""
    return Message(
        tr("Saved {name}").format(name=path.name),
        tr("It is in {folder}.").format(folder=path.parent),
    )


def gone_message(folder: Path) -> Message:
    """What to say when the watched folder cannot be read."""
    return Message(
        tr("The watched folder {folder} cannot be read").format(folder=folder),
        tr("It is watched again as soon as it is back."),
    )
