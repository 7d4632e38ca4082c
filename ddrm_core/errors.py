"""Deliberate failures of ddrm_core. Everything else that escapes is a bug."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.messages import Description, Message, Reason, Text, describe_size, tr_noop


class CoreError(Exception):
    """Base of every deliberate failure; `str` gives the English sentence.

    A subclass has its facts as fields, and a template with placeholders for them.
    """

    @property
    def template(self) -> str:
        """English sentence about the failure, with placeholders for its facts."""
        raise NotImplementedError

    @property
    def facts(self) -> Mapping[str, object]:
        """Values of the placeholders by name; numbers of bytes are in the unit that suits them."""
        return {
            name: describe_size(value) if name.endswith("_bytes") else value
            for name, value in vars(self).items()
        }

    def __str__(self) -> str:
        return self.template.format_map(self.facts)


@dataclass(eq=False)
class FileError(CoreError):
    """Base of the failures at one file or folder.

    Attributes:
        path: The file or folder.
    """

    path: Path


@dataclass(eq=False)
class UnreadableFile(FileError):
    """The operating system did not give the file's bytes.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "no such file or directory".
    """

    template = tr_noop("Cannot read {path}: {reason}")
    reason: Text


@dataclass(eq=False)
class NotAJpeg(FileError):
    """The bytes are not a JPEG.

    Attributes:
        found_kind: What they are instead, e.g. "PNG", "an empty file", "not a picture".
    """

    template = tr_noop("{path} is not a JPEG (found: {found_kind})")
    found_kind: str


@dataclass(eq=False)
class UnsupportedJpeg(FileError):
    """The file is a JPEG whose coding this build cannot invert.

    Attributes:
        feature: The coding feature, in T.81 terms, e.g. "arithmetic coding".
    """

    template = tr_noop("{path} uses {feature}, which cannot be restored")
    feature: Description


@dataclass(eq=False)
class TooManyPixels(FileError):
    """The header claims a picture that would fill the memory, by accident or malice.

    Attributes:
        width: As claimed.
        height: As claimed.
        max_pixels: The most pixels that are read.
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
    """The file is a JPEG whose data is cut off or contradictory.

    Attributes:
        damage: Kind and extent of the damage, e.g. "it holds no picture".
    """

    template = tr_noop("{path} is damaged: {damage}")
    damage: Description


class CompressionNotDetected(FileError):
    """A picture that is no JPEG shows no sign of an earlier one, and no quality was given."""

    template = tr_noop("{path} is no JPEG and shows no sign of having been one")


class NoRunRecord(FileError):
    """A picture holds no record of how it was made, or one that is not whole."""

    template = tr_noop("{path} holds no record of how it was made")


@dataclass(eq=False)
class PriorMismatch(FileError):
    """A record names a prior that is not the one at hand.

    Attributes:
        expected: The name of the prior in the record, and the first digits of its hash.
        actual: Those of the prior at hand.
    """

    template = tr_noop("{path} was made with the prior {expected}, this one is {actual}")
    expected: str
    actual: str


class NotEightBitImage(FileError):
    """The pixels of a picture are not whole grey levels: more bits than 8, or floats."""

    template = tr_noop("{path} has more than 8 bits a channel")


class BitDepthNotDetected(FileError):
    """The values in a picture are no sign of lost bits, and nobody said how many are left."""

    template = tr_noop("The values in {path} are no sign of lost bits")


@dataclass(eq=False)
class SizeMismatch(FileError):
    """A result and the JPEG it is held against are not the same size or kind.

    Attributes:
        actual: Its size and kind.
        expected: Size and kind of the JPEG.
    """

    template = tr_noop("{path} is {actual}, the JPEG is {expected}")
    actual: Message
    expected: Message


@dataclass(eq=False)
class UnwritableOutput(FileError):
    """The output cannot be written; nothing was left behind.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "no space left on device".
    """

    template = tr_noop("Cannot write {path}: {reason}")
    reason: Text


class OutputExists(FileError):
    """The output is there already and replacing it was not asked for."""

    template = tr_noop("{path} exists already")


class InputFileRole(Reason):
    """The purpose for which a command reads a file, as the reason not to write to it."""

    SOURCE = tr_noop("{path} is the source picture, which is never changed")
    RESULT = tr_noop("{path} is the result that is verified, which is not changed")


@dataclass(eq=False)
class OutputIsInput(FileError):
    """The output is a file that is read, under this or another name.

    Attributes:
        role: The purpose for which the file is read.
    """

    role: InputFileRole = InputFileRole.SOURCE

    @property
    def template(self) -> InputFileRole:
        return self.role


@dataclass(eq=False)
class InvalidPrior(FileError):
    """A prior's file is missing, damaged, or not described by its header.

    Attributes:
        problem: Defect, e.g. "header lacks 'sigma'".
    """

    template = tr_noop("{path} is not a usable prior: {problem}")
    problem: Description


@dataclass(eq=False)
class PriorNotInstalled(CoreError):
    """A prior is known, but was not downloaded or imported yet.

    Attributes:
        name: Of the prior.
        size_bytes: Size of its published file.
        license_name: Of its weights.
    """

    template = tr_noop("The prior {name} is not here ({size_bytes}, licence {license_name})")
    name: str
    size_bytes: int
    license_name: str


@dataclass(eq=False)
class PriorChecksumMismatch(FileError):
    """A prior's file is not the one that was imported.

    Attributes:
        expected: Its SHA-256 then.
        actual: That of today.
    """

    template = tr_noop("{path} is not what was imported: its SHA-256 is {actual}, not {expected}")
    expected: str
    actual: str


@dataclass(eq=False)
class DownloadError(CoreError):
    """Base of the failures of a download.

    Attributes:
        url: Address of the published file.
    """

    url: str


@dataclass(eq=False)
class DownloadFailed(DownloadError):
    """A file cannot be got from where it is published; what has arrived is kept.

    Attributes:
        reason: Reason in the middle of a sentence, e.g. "connection refused".
    """

    template = tr_noop("Cannot download {url}: {reason}")
    reason: Text


@dataclass(eq=False)
class DownloadStalled(DownloadError):
    """A server fell silent; what has arrived is kept.

    Attributes:
        seconds: For how long nothing came.
    """

    template = tr_noop("Nothing came from {url} for {seconds:g} s")
    seconds: float


@dataclass(eq=False)
class InvalidDownload(DownloadError):
    """What arrived is not the file that was published; it was deleted.

    Attributes:
        problem: How it differs, e.g. "it has more than 1,000 bytes".
    """

    template = tr_noop("What came from {url} is not the file that was published: {problem}")
    problem: Description


class DownloadInProgress(FileError):
    """Another download of the same file is under way."""

    template = tr_noop("Another download is writing {path}")


@dataclass(eq=False)
class InsufficientDiskSpace(FileError):
    """A disk has no room for what is to be downloaded.

    Attributes:
        needed_bytes: Bytes that have to be free.
        free_bytes: Bytes that are.
    """

    template = tr_noop(
        "{path} has no room for the download: {needed_bytes} have to be free, {free_bytes} are"
    )
    needed_bytes: int
    free_bytes: int


@dataclass(eq=False)
class InvalidSetting(CoreError):
    """A setting is outside its range.

    Attributes:
        name: The setting, e.g. "steps".
        value: Value outside the range.
        allowed: The range, e.g. "1 to 1000".
    """

    template = tr_noop("{name} cannot be {value}")
    name: str
    value: object
    allowed: Text

    def __str__(self) -> str:
        return f"{super().__str__()} (allowed: {self.allowed})"


@dataclass(eq=False)
class InvalidPresets(FileError):
    """The file of the user's presets is not one that can be used; it was left as it is.

    Attributes:
        problem: Defect, e.g. "it is not JSON".
    """

    template = tr_noop("The presets in {path} cannot be used: {problem}")
    problem: Description


@dataclass(eq=False)
class UnknownDevice(CoreError):
    """The device does not exist here.

    Attributes:
        name: The device as asked for, e.g. "cuda:1".
    """

    template = tr_noop("There is no device {name} here")
    name: str


@dataclass(eq=False)
class InsufficientMemory(CoreError):
    """A device has less free memory than a prior needs there.

    Attributes:
        prior_name: Of the prior.
        device: Its name.
        needed_bytes: Bytes, of the weights and one evaluation.
        free_bytes: Bytes.
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
    """The device cannot hold one sample of the picture.

    Attributes:
        device: Its name.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
    """

    template = tr_noop("Not enough memory on {device} for {width}x{height} pixels")
    device: str
    width: int
    height: int


class OperationCancelled(Exception):
    """The caller withdrew the request. Not a CoreError: nothing failed."""
