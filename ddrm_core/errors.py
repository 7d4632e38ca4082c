"""Errors that ddrm_core raises deliberately; any other exception is a bug."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.messages import Description, InputFileRole, Message, Text, describe_size, tr_noop


class CoreError(Exception):
    """The base class of errors that are reported to the user; `str` gives the English sentence.

    A subclass has the facts of the error as fields, and a template with placeholders for them.
    """

    @property
    def template(self) -> str:
        """English sentence about the error, with placeholders for its facts."""
        raise TypeError(f"{type(self).__name__} has no template")

    @property
    def facts(self) -> Mapping[str, object]:
        """Values for the template's placeholders by name; numbers of bytes become texts."""
        return {
            name: describe_size(value) if name.endswith("_bytes") else value
            for name, value in vars(self).items()
        }

    def __str__(self) -> str:
        return self.template.format_map(self.facts)


@dataclass(eq=False)
class FileError(CoreError):
    """The base class of errors about one file or folder.

    Attributes:
        path: Path of the file or folder.
    """

    path: Path


@dataclass(eq=False)
class UnreadableFile(FileError):
    """The error that a file or folder cannot be read.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "no such file or directory".
    """

    template = tr_noop("Cannot read {path}: {reason}")
    reason: Text


@dataclass(eq=False)
class NotAJpeg(FileError):
    """The error that a file is not a JPEG.

    Attributes:
        found_kind: Kind of the file's content, e.g. "PNG", "an empty file", "not a picture".
    """

    template = tr_noop("{path} is not a JPEG (found: {found_kind})")
    found_kind: str


@dataclass(eq=False)
class UnsupportedJpeg(FileError):
    """The error that a JPEG uses a coding that the program does not support.

    Attributes:
        feature: Unsupported coding feature in terms of T.81, e.g. "arithmetic coding".
    """

    template = tr_noop("{path} uses {feature}, which cannot be restored")
    feature: Description


@dataclass(eq=False)
class TooManyPixels(FileError):
    """The error that a file's header states more pixels than the program reads.

    Attributes:
        width: Width in the header, in pixels.
        height: Height in the header, in pixels.
        max_pixels: Largest number of pixels that is read.
    """

    template = tr_noop("{path} claims {width}x{height} pixels, more than {limit} million")
    width: int
    height: int
    max_pixels: int

    @property
    def facts(self) -> Mapping[str, object]:
        return vars(self) | {"limit": self.max_pixels // 10**6}


@dataclass(eq=False)
class DamagedJpeg(FileError):
    """The error that the data of a JPEG is truncated or contradictory.

    Attributes:
        damage: Kind and extent of the damage, e.g. "it holds no picture".
    """

    template = tr_noop("{path} is damaged: {damage}")
    damage: Description


class CompressionNotDetected(FileError):
    """The error that an image without a stated quality factor shows no previous compression."""

    template = tr_noop("{path} is no JPEG and shows no sign of having been one")


class NoRunRecord(FileError):
    """The error that an image has no run record, or that its run record is invalid."""

    template = tr_noop("{path} holds no record of how it was made")


@dataclass(eq=False)
class PriorMismatch(FileError):
    """The error that a run is to be repeated with another prior than its run record names.

    Attributes:
        expected: Name of the prior in the run record, and first digits of its SHA-256.
        actual: Name of the prior for the next run, and first digits of its SHA-256.
    """

    template = tr_noop("{path} was made with the prior {expected}, this one is {actual}")
    expected: str
    actual: str


class NotEightBitImage(FileError):
    """The error that the pixels of an image are not integer gray levels of 8 bits."""

    template = tr_noop("{path} has more than 8 bits a channel")


class BitDepthNotDetected(FileError):
    """The error that an image without a stated bit depth shows no loss of lower bits."""

    template = tr_noop("No banding found in {path}")


@dataclass(eq=False)
class SizeMismatch(FileError):
    """The error that an image cannot be verified by a JPEG, since their sizes or colors differ.

    Attributes:
        actual: Size of the image and kind of its channels.
        expected: Size of the JPEG and kind of its channels.
    """

    template = tr_noop("{path} is {actual}, the JPEG is {expected}")
    actual: Message
    expected: Message


@dataclass(eq=False)
class UnwritableOutput(FileError):
    """The error that an output file or folder cannot be written; no partial file remains.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "no space left on device".
    """

    template = tr_noop("Cannot write {path}: {reason}")
    reason: Text


class OutputExists(FileError):
    """The error that an output file exists and may not be replaced."""

    template = tr_noop("{path} exists already")


@dataclass(eq=False)
class OutputIsInput(FileError):
    """The error that an output file is also an input file, by the same or another path.

    Attributes:
        role: Purpose for which the file is read.
    """

    role: InputFileRole = InputFileRole.SOURCE

    @property
    def template(self) -> InputFileRole:
        return self.role


@dataclass(eq=False)
class InvalidPrior(FileError):
    """The error that a prior's file is missing, damaged, or inconsistent with its header.

    Attributes:
        problem: Defect of the file, e.g. "header lacks 'sigma'".
    """

    template = tr_noop("{path} is not a usable prior: {problem}")
    problem: Description


@dataclass(eq=False)
class PriorNotInstalled(CoreError):
    """The error that a published prior is neither downloaded nor imported.

    Attributes:
        name: Name of the prior.
        size_bytes: Size of the published file in bytes.
        license_name: Name of the license of the weights.
    """

    template = tr_noop("The prior {name} is not here ({size_bytes}, license {license_name})")
    name: str
    size_bytes: int
    license_name: str


@dataclass(eq=False)
class UnknownPrior(CoreError):
    """The error that no installed and no published prior has the requested name."""

    template = tr_noop("The prior {name} is not here")
    name: str


@dataclass(eq=False)
class PriorChecksumMismatch(FileError):
    """The error that a prior's file was changed after its import.

    Attributes:
        expected: SHA-256 of the file at its import, in hexadecimal.
        actual: SHA-256 of the present file, in hexadecimal.
    """

    template = tr_noop("{path} is not what was imported: its SHA-256 is {actual}, not {expected}")
    expected: str
    actual: str


@dataclass(eq=False)
class DownloadError(CoreError):
    """The base class of errors in a download.

    Attributes:
        url: Address of the published file.
    """

    url: str


@dataclass(eq=False)
class DownloadFailed(DownloadError):
    """The error that a published file cannot be downloaded; the partial download is kept.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "connection refused".
    """

    template = tr_noop("Cannot download {url}: {reason}")
    reason: Text


@dataclass(eq=False)
class DownloadStalled(DownloadError):
    """The error that a server stopped sending data; the partial download is kept.

    Attributes:
        seconds: Time without data, in seconds.
    """

    template = tr_noop("Nothing came from {url} for {seconds:g} s")
    seconds: float


@dataclass(eq=False)
class InvalidDownload(DownloadError):
    """The error that a downloaded file, now deleted, differs from the published file.

    Attributes:
        problem: Difference from the published file, e.g. "it has more than 1,000 bytes".
    """

    template = tr_noop("What came from {url} is not the file that was published: {problem}")
    problem: Description


class DownloadInProgress(FileError):
    """The error that another download is writing the same file."""

    template = tr_noop("Another download is writing {path}")


@dataclass(eq=False)
class InsufficientDiskSpace(FileError):
    """The error that a disk has too little free space for a download.

    Attributes:
        needed_bytes: Free space that the download needs, in bytes.
        free_bytes: Free space of the disk, in bytes.
    """

    template = tr_noop(
        "{path} has no room for the download: {needed_bytes} have to be free, {free_bytes} are"
    )
    needed_bytes: int
    free_bytes: int


@dataclass(eq=False)
class InvalidSetting(CoreError):
    """The error that the value of a setting is not allowed.

    Attributes:
        name: Name of the setting, e.g. "steps".
        value: Value that is not allowed.
        allowed: Allowed values, e.g. "1 to 1000".
    """

    template = tr_noop("{name} cannot be {value}")
    name: str
    value: object
    allowed: Text

    def __str__(self) -> str:
        return f"{super().__str__()} (allowed: {self.allowed})"


@dataclass(eq=False)
class InvalidPresets(FileError):
    """The error that the file of the user's presets is invalid; the file is not changed.

    Attributes:
        problem: Defect of the file, e.g. "it is not JSON".
    """

    template = tr_noop("The presets in {path} cannot be used: {problem}")
    problem: Description


@dataclass(eq=False)
class UnknownDevice(CoreError):
    """The error that a device does not exist on this computer.

    Attributes:
        name: Requested device, e.g. "cuda:1".
    """

    template = tr_noop("There is no device {name} here")
    name: str


@dataclass(eq=False)
class InsufficientMemory(CoreError):
    """The error that a device has less free memory than a prior needs.

    Attributes:
        prior_name: Name of the prior.
        device: Name of the device.
        needed_bytes: Memory for the weights and one evaluation, in bytes.
        free_bytes: Free memory of the device, in bytes.
    """

    template = tr_noop(
        "{prior_name} needs {needed_bytes} of memory on {device}, {free_bytes} are free"
    )
    prior_name: str
    device: str
    needed_bytes: int
    free_bytes: int


@dataclass(eq=False)
class OutOfMemory(CoreError):
    """The error that the memory of a device does not suffice for an operation on an image.

    Attributes:
        device: Name of the device.
        width: Width of the image or tile in pixels.
        height: Height of the image or tile in pixels.
    """

    template = tr_noop("Not enough memory on {device} for {width}x{height} pixels")
    device: str
    width: int
    height: int


class OperationCancelled(Exception):
    """The exception of a cancelled operation; no CoreError, since cancelling is no error."""
