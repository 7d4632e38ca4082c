"""What the user reads when something fails. The only place that words an error."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app import COMMAND
from app.i18n.core_messages import translate_core_message, translate_os_error
from app.i18n.formatting import format_alternatives, format_count, format_size
from app.i18n.plugin_messages import word_unknown_plugin, word_unusable_plugin
from app.i18n.translation import tr
from ddrm_core.errors import (
    BitDepthNotDetected,
    CompressionNotDetected,
    CoreError,
    DamagedJpeg,
    DownloadFailed,
    DownloadInProgress,
    DownloadStalled,
    InputFileRole,
    InsufficientDiskSpace,
    InsufficientMemory,
    InvalidDownload,
    InvalidPresets,
    InvalidPrior,
    InvalidSetting,
    NoRunRecord,
    NotAJpeg,
    NotEightBitImage,
    OutOfMemory,
    OutputExists,
    OutputIsInput,
    PriorChecksumMismatch,
    PriorMismatch,
    PriorNotInstalled,
    SizeMismatch,
    TooManyPixels,
    UnknownDevice,
    UnreadableFile,
    UnsupportedImage,
    UnsupportedJpeg,
    UnwritableOutput,
)
from ddrm_core.files.atomic_write import DISK_FULL_ERRORS
from ddrm_core.formats.unsupported_format import UnsupportedFormat, UnsupportedProperty
from ddrm_core.plugins import UnknownPlugin, UnusablePlugin

_IMPORT_COMMAND = f"{COMMAND} priors import FILE"
_CMYK_CHANNEL_COUNT = 4


@dataclass(frozen=True, slots=True)
class UserMessage:
    """One failure, worded.

    Attributes:
        title: What happened, to which file; one line without a full stop.
        advice: What the user can do about it; one sentence.
        is_bug: Whether the program is at fault.
    """

    title: str
    advice: str
    is_bug: bool = False

    def as_line(self) -> str:
        """Both in one line, for a terminal."""
        return f"{self.title}. {self.advice}"


def message_from_error(error: Exception) -> UserMessage:
    """The words for any exception; those that nobody expects are bugs and say so."""
    match error:
        case UnsupportedFormat() | UnwritableOutput() | OutputExists() | OutputIsInput():
            return _output_error_message(error)
        case (
            InvalidPresets()
            | InvalidSetting()
            | UnknownDevice()
            | OutOfMemory()
            | InsufficientMemory()
        ):
            return _setting_error_message(error)
        case InvalidPrior() | PriorChecksumMismatch() | PriorNotInstalled():
            return _prior_error_message(error)
        case (
            DownloadFailed()
            | DownloadStalled()
            | InvalidDownload()
            | DownloadInProgress()
            | InsufficientDiskSpace()
        ):
            return _download_error_message(error)
        case UnknownPlugin():
            return UserMessage(*word_unknown_plugin(error))
        case UnusablePlugin():
            return UserMessage(*word_unusable_plugin(error))
        case CoreError():
            return _image_error_message(error)
        case MemoryError():
            return UserMessage(
                tr("Not enough memory"), tr("Close other programs, or choose another device.")
            )
        case _:
            title = tr("Unexpected {kind}: {error}")
            return UserMessage(
                title.format(kind=type(error).__name__, error=error),
                tr("This is a bug; please report it."),
                is_bug=True,
            )


def _setting_error_message(error: CoreError) -> UserMessage:
    match error:
        case InvalidSetting(name=name, value=value, allowed=allowed):
            given = translate_core_message(value) if isinstance(value, str) else value
            return UserMessage(
                tr("{name} cannot be {value}").format(
                    name=translate_core_message(name), value=given
                ),
                tr("Allowed: {values}.").format(values=translate_core_message(allowed)),
            )
        case InvalidPresets(path=path, problem=problem):
            title = tr("The presets in {name} cannot be used: {problem}")
            return UserMessage(
                title.format(name=path.name, problem=tr(problem)),
                tr("Mend the file or move it away; nothing in it was changed."),
            )
        case UnknownDevice(name=device):
            return UserMessage(
                tr("There is no device {device} here").format(device=device),
                tr("Choose auto or cpu."),
            )
        case OutOfMemory(device=device, width=width, height=height):
            title = tr("Not enough memory on {device} for {size} pixels")
            return UserMessage(
                title.format(device=device, size=f"{width}x{height}"),
                tr("Close other programs, or choose another device."),
            )
        case InsufficientMemory(
            prior_name=name, device=device, needed_bytes=needed, free_bytes=free
        ):
            title = tr("{name} needs {needed} of memory on {device}, {free} are free")
            return UserMessage(
                title.format(
                    name=name, device=device, needed=format_size(needed), free=format_size(free)
                ),
                tr("Close other programs, or choose another device or prior."),
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _prior_error_message(error: CoreError) -> UserMessage:
    match error:
        case InvalidPrior(path=path, problem=problem):
            title = tr("{name} is not a usable prior: {problem}")
            return UserMessage(
                title.format(name=path.name, problem=translate_core_message(problem)),
                tr("Choose another prior file."),
            )
        case PriorChecksumMismatch(path=path, expected=expected, actual=found):
            title = tr("{path} is not what was imported: its SHA-256 is {found}, not {expected}")
            return UserMessage(
                title.format(path=path, found=found, expected=expected),
                tr("Delete it, and download or import it again."),
            )
        case PriorNotInstalled(name=name, size=size, license_name=license_name):
            title = tr("The prior {name} is not here ({size}, licence {licence})")
            advice = tr("Get it with `{download}`, or bring its file with `{bring}`.")
            return UserMessage(
                title.format(name=name, size=format_size(size), licence=license_name),
                advice.format(download=f"{COMMAND} priors download {name}", bring=_IMPORT_COMMAND),
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _download_error_message(error: CoreError) -> UserMessage:
    match error:
        case DownloadFailed(url=url, reason=reason):
            title = tr("Cannot download {url}: {reason}")
            return UserMessage(
                title.format(url=url, reason=translate_core_message(reason)), _retry_advice()
            )
        case DownloadStalled(url=url, seconds=seconds):
            title = tr("Nothing came from {url} for {seconds} s")
            return UserMessage(title.format(url=url, seconds=f"{seconds:g}"), _retry_advice())
        case InvalidDownload(url=url, problem=problem):
            title = tr("What came from {url} is not the file that was published: {problem}")
            advice = tr(
                "It was deleted; try again, or get the file elsewhere and bring it with `{bring}`."
            )
            return UserMessage(
                title.format(url=url, problem=translate_core_message(problem)),
                advice.format(bring=_IMPORT_COMMAND),
            )
        case DownloadInProgress(path=path):
            return UserMessage(
                tr("Another download is writing {path}").format(path=path),
                tr("Wait until it is done, or stop it."),
            )
        case InsufficientDiskSpace(path=path, needed_bytes=needed, free_bytes=free):
            title = tr("{path} has no room for the download: {needed} have to be free, {free} are")
            return UserMessage(
                title.format(path=path, needed=format_size(needed), free=format_size(free)),
                tr("Delete something there."),
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _retry_advice() -> str:
    return tr(
        "Try again later; what has arrived is kept, and the next download goes on from there."
    )


def _image_error_message(error: CoreError) -> UserMessage:
    match error:
        case UnreadableFile(path=path, reason=reason):
            title = tr("Cannot read {path}: {reason}")
            return UserMessage(
                title.format(path=path, reason=translate_os_error(reason)),
                tr("Check name and rights."),
            )
        case NotAJpeg(path=path, found_kind=found):
            title = tr("{path} is not a JPEG (found: {found})")
            return UserMessage(
                title.format(path=path, found=translate_core_message(found)),
                tr("Choose a JPEG, or a PNG, TIFF, WebP or BMP that once was one."),
            )
        case CompressionNotDetected(path=path):
            return UserMessage(
                tr("{path} is no JPEG and shows no sign of having been one").format(path=path),
                tr("Give the quality factor if you know it."),
            )
        case NotEightBitImage(path=path):
            return UserMessage(
                tr("{path} has more than 8 bits a channel").format(path=path),
                tr("Choose a picture with 8 bits a channel."),
            )
        case BitDepthNotDetected(path=path):
            return UserMessage(
                tr("The values in {path} are no sign of lost bits").format(path=path),
                tr("Give the number of bits per channel if you know it."),
            )
        case UnsupportedImage(path=path, page_count=pages) if pages:
            return UserMessage(
                tr("{path} has {count} pages").format(path=path, count=format_count(pages)),
                tr("Save the page to restore as a file of its own."),
            )
        case UnsupportedImage(path=path, frame_count=frames) if frames:
            title = tr("{path} is an animation of {count} frames")
            return UserMessage(
                title.format(path=path, count=format_count(frames)),
                tr("Save the frame to restore as a file of its own."),
            )
        case UnsupportedImage(path=path):
            title = tr("{path} cannot be read as a grey, RGB or CMYK picture without transparency")
            return UserMessage(
                title.format(path=path), tr("Choose another file, or save it as PNG or TIFF.")
            )
        case UnsupportedJpeg() | TooManyPixels() | DamagedJpeg():
            return _jpeg_error_message(error)
        case _:
            return _result_error_message(error)


def _jpeg_error_message(error: CoreError) -> UserMessage:
    match error:
        case UnsupportedJpeg(path=path, feature=feature):
            title = tr("{path} uses {feature}, which cannot be restored")
            return UserMessage(
                title.format(path=path, feature=translate_core_message(feature)),
                tr("Convert a copy to a baseline JPEG with a program that reads it."),
            )
        case TooManyPixels(path=path, width=width, height=height, max_pixels=limit):
            title = tr("{path} claims {size} pixels, more than {limit} million")
            return UserMessage(
                title.format(path=path, size=f"{width}x{height}", limit=limit // 10**6),
                tr("If that is true, raise the limit."),
            )
        case DamagedJpeg(path=path, damage_text=damage):
            return UserMessage(
                tr("{path} is damaged: {damage}").format(
                    path=path, damage=translate_core_message(damage)
                ),
                tr("Get a whole copy, or restore only what can be read."),
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _result_error_message(error: CoreError) -> UserMessage:
    match error:
        case NoRunRecord(path=path):
            return UserMessage(
                tr("{path} holds no record of how it was made").format(path=path),
                tr("Choose a result of this program."),
            )
        case PriorMismatch(path=path, expected=wanted, actual=found):
            title = tr("{path} was made with the prior {wanted}, this one is {found}")
            return UserMessage(
                title.format(path=path, wanted=wanted, found=found),
                tr("Choose the prior's file."),
            )
        case SizeMismatch(path=path, actual=found, expected=expected):
            title = tr("{path} is {found}, the JPEG is {expected}")
            return UserMessage(
                title.format(
                    path=path,
                    found=_format_image_size(found),
                    expected=_format_image_size(expected),
                ),
                tr("Choose the result that was made from this JPEG."),
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _output_error_message(error: CoreError) -> UserMessage:
    match error:
        case UnsupportedFormat():
            return _unsupported_format_message(error)
        case UnwritableOutput(path=path, reason=reason):
            title = tr("Cannot write {path}: {reason}")
            return UserMessage(
                title.format(path=path, reason=translate_os_error(reason)),
                tr("Choose another place."),
            )
        case OutputExists(path=path):
            return UserMessage(
                tr("{path} exists already").format(path=path),
                tr("Choose another name, or allow overwriting."),
            )
        case OutputIsInput(path=path, role=role):
            title = tr("{path} is the source picture, which is never changed")
            if role is InputFileRole.RESULT:
                title = tr("{path} is the result that is verified, which is not changed")
            return UserMessage(
                title.format(path=path), tr("Choose another name for the file to write.")
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _unsupported_format_message(error: UnsupportedFormat) -> UserMessage:
    """The reason why a result's format cannot hold it, and the formats that can."""
    format_fields = {"path": error.path, "format": error.format, "bits": error.bits}
    match error.unsupported_property:
        case UnsupportedProperty.FORMAT:
            title = tr("The name {path} does not end in a format that this program writes")
        case UnsupportedProperty.CHANNELS if error.channels == _CMYK_CHANNEL_COUNT:
            title = tr("{path} cannot hold four inks (CMYK): {format} holds gray or RGB")
        case UnsupportedProperty.CHANNELS:
            title = tr("{path} cannot hold this picture: {format} holds gray or RGB")
        case UnsupportedProperty.BITS:
            title = tr("{path} cannot hold {bits} bits a channel as {format}")
        case UnsupportedProperty.SIZE:
            title = tr("{path} cannot hold {size} pixels: {format} holds at most {limit} a side")
    size = "x".join(map(str, error.size))
    title = title.format(**format_fields, size=size, limit=format_count(error.max_side))
    if not error.capable_suffixes:
        return UserMessage(title, tr("Choose 8, 16 or 32 bits a channel."))
    advice = tr("Use a name that ends in {suffixes}.")
    return UserMessage(title, advice.format(suffixes=format_alternatives(error.capable_suffixes)))


def unwritable_folder_title(folder: Path, error: UnwritableOutput) -> str:
    """Say that nothing more can be written to a folder, without a full stop."""
    if error.error_code in DISK_FULL_ERRORS:
        return tr("The disk of {folder} is full").format(folder=folder)
    title = tr("Nothing more can be written to {folder}: {reason}")
    return title.format(folder=folder, reason=translate_os_error(error.reason))


def unwritable_folder_advice(error: UnwritableOutput) -> str:
    """Say what the user can do then; one sentence."""
    if error.error_code in DISK_FULL_ERRORS:
        return tr("Make room there.")
    return tr("Make the folder writable again.")


def _format_image_size(size: tuple[int, int, int]) -> str:
    width, height, channels = size
    template = tr("{size} grey") if channels == 1 else tr("{size} colour")
    return template.format(size=f"{width}x{height}")
