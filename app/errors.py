"""What the user reads when something fails. The only place that words an error."""

from __future__ import annotations

from dataclasses import dataclass

from app import COMMAND
from app.words import GOES_ON, size_words
from ddrm_core.errors import (
    BadPrior,
    ChangedPrior,
    CoreError,
    DamagedJpeg,
    DifferentSize,
    DownloadBusy,
    DownloadFailed,
    DownloadStalled,
    InvalidSetting,
    NoRecord,
    NoRoomForPrior,
    NoSignOfJpeg,
    NotAJpeg,
    NotAPicture,
    NotEightBits,
    NotEnoughSpace,
    NotQuantized,
    OtherPrior,
    OutOfMemory,
    OutputExists,
    OutputIsSource,
    PriorNotHere,
    TooManyPixels,
    UnknownDevice,
    UnreadableFile,
    UnsupportedFormat,
    UnsupportedJpeg,
    UnwritableOutput,
    WrongDownload,
)


@dataclass(frozen=True, slots=True)
class Message:
    """One failure, worded.

    Attributes:
        title: What happened, to which file; one line without a full stop.
        advice: What the user can do about it; one sentence.
    """

    title: str
    advice: str

    def line(self) -> str:
        """Both in one line, for a terminal."""
        return f"{self.title}. {self.advice}"


def message_for(error: Exception) -> Message:
    """The words for any exception; those that are not CoreErrors are bugs and say so."""
    match error:
        case UnsupportedFormat() | UnwritableOutput() | OutputExists() | OutputIsSource():
            return _about_output(error)
        case InvalidSetting(name=name, value=value, allowed=allowed):
            return Message(f"{name} cannot be {value}", f"Allowed: {allowed}.")
        case UnknownDevice(name=device):
            return Message(f"There is no device {device} here", "Choose auto or cpu.")
        case OutOfMemory(device=device, width=width, height=height):
            return Message(
                f"Not enough memory on {device} for {width}x{height} pixels",
                "Close other programs, or choose another device.",
            )
        case NoRoomForPrior(name=name, device=device, needed=needed, free=free):
            return Message(
                f"{name} needs {size_words(needed)} of memory on {device}, {size_words(free)} are"
                " free",
                "Close other programs, or choose another device or prior.",
            )
        case BadPrior() | ChangedPrior() | PriorNotHere():
            return _about_prior(error)
        case DownloadFailed() | DownloadStalled() | WrongDownload() | DownloadBusy():
            return _about_download(error)
        case NotEnoughSpace(path=path, needed=needed, free=free):
            return Message(
                f"{path} has no room for the download: {size_words(needed)} have to be free,"
                f" {size_words(free)} are",
                "Delete something there.",
            )
        case CoreError():
            return _about_picture(error)
        case _:
            kind = type(error).__name__
            return Message(f"Unexpected {kind}: {error}", "This is a bug; please report it.")


def _about_prior(error: CoreError) -> Message:
    match error:
        case BadPrior(path=path, problem=problem):
            return Message(
                f"{path.name} is not a usable prior: {problem}", "Choose another prior file."
            )
        case ChangedPrior(path=path, expected=expected, found=found):
            return Message(
                f"{path} is not what was imported: its SHA-256 is {found}, not {expected}",
                "Delete it, and download or import it again.",
            )
        case PriorNotHere(name=name, bytes=size, licence=licence):
            return Message(
                f"The prior {name} is not here ({size_words(size)}, licence {licence})",
                f"Get it with `{COMMAND} priors download {name}`, or bring its file with"
                f" `{COMMAND} priors import FILE`.",
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _about_download(error: CoreError) -> Message:
    match error:
        case DownloadFailed(url=url, reason=reason):
            return Message(f"Cannot download {url}: {reason}", f"Try again later; {GOES_ON}.")
        case DownloadStalled(url=url, seconds=seconds):
            return Message(
                f"Nothing came from {url} for {seconds:g} s", f"Try again later; {GOES_ON}."
            )
        case WrongDownload(url=url, problem=problem):
            return Message(
                f"What came from {url} is not the file that was published: {problem}",
                f"It was deleted; try again, or get the file elsewhere and bring it with"
                f" `{COMMAND} priors import FILE`.",
            )
        case DownloadBusy(path=path):
            return Message(
                f"Another download is writing {path}", "Wait until it is done, or stop it."
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _about_picture(error: CoreError) -> Message:
    match error:
        case UnreadableFile(path=path, reason=reason):
            return Message(f"Cannot read {path}: {reason.lower()}", "Check name and rights.")
        case NotAJpeg(path=path, found=found):
            return Message(
                f"{path} is not a JPEG (found: {found})",
                "Choose a JPEG, or a PNG, TIFF, WebP or BMP that once was one.",
            )
        case NoSignOfJpeg(path=path):
            return Message(
                f"{path} is no JPEG and shows no sign of having been one",
                "Give the quality factor if you know it.",
            )
        case NotEightBits(path=path):
            return Message(
                f"{path} has more than 8 bits a channel", "Choose a picture with 8 bits a channel."
            )
        case NotQuantized(path=path):
            return Message(
                f"The values in {path} are no sign of lost bits",
                "Give the number of bits per channel if you know it.",
            )
        case NoRecord(path=path):
            return Message(
                f"{path} holds no record of how it was made", "Choose a result of this program."
            )
        case OtherPrior(path=path, wanted=wanted, found=found):
            return Message(
                f"{path} was made with the prior {wanted}, this one is {found}",
                "Choose the prior's file.",
            )
        case UnsupportedJpeg(path=path, feature=feature):
            return Message(
                f"{path} uses {feature}, which cannot be restored",
                "Convert a copy to a baseline JPEG with a program that reads it.",
            )
        case TooManyPixels(path=path, width=width, height=height, limit=limit):
            return Message(
                f"{path} claims {width}x{height} pixels, more than {limit // 10**6} million",
                "If that is true, raise the limit.",
            )
        case DamagedJpeg(path=path, damage=damage):
            return Message(
                f"{path} is damaged: {damage}",
                "Get a whole copy, or restore only what can be read.",
            )
        case NotAPicture(path=path):
            return Message(
                f"{path} cannot be read as a grey, RGB or CMYK picture without transparency",
                "Choose another file, or save it as PNG or TIFF.",
            )
        case DifferentSize(path=path, found=found, expected=expected):
            return Message(
                f"{path} is {_size(found)}, the JPEG is {_size(expected)}",
                "Choose the result that was made from this JPEG.",
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _about_output(error: CoreError) -> Message:
    match error:
        case UnsupportedFormat(path=path, bits=bits):
            return Message(
                f"The format of {path} cannot hold this picture with {bits} bits a channel",
                "Use .tiff (8, 16, 32 bits, any colours), .png (8, 16), .webp or .jpg (8).",
            )
        case UnwritableOutput(path=path, reason=reason):
            return Message(f"Cannot write {path}: {reason.lower()}", "Choose another place.")
        case OutputExists(path=path):
            return Message(f"{path} exists already", "Choose another name, or allow overwriting.")
        case OutputIsSource(path=path):
            return Message(
                f"{path} is the picture to restore", "Choose another name for the result."
            )
        case _:
            raise TypeError(f"no words for {type(error).__name__}")


def _size(size: tuple[int, int, int]) -> str:
    width, height, channels = size
    return f"{width}x{height} {'grey' if channels == 1 else 'colour'}"
