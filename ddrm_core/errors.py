"""What ddrm_core raises on purpose. Everything else that escapes is a bug."""

from enum import Enum
from pathlib import Path


class CoreError(Exception):
    """Base of every deliberate failure. Carries facts as attributes, never user-facing prose."""


class UnreadableFile(CoreError):
    """The operating system did not give the file's bytes.

    Attributes:
        path: The file.
        reason: The system's own words, e.g. "No such file or directory".
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason

    @staticmethod
    def from_os_error(path: Path, error: OSError) -> "UnreadableFile":
        """Return the failure that a refusal of the system means for a file that is read."""
        return UnreadableFile(path, error.strerror or str(error))


class NotAJpeg(CoreError):
    """The bytes are not a JPEG.

    Attributes:
        path: The file.
        found_kind: What they are instead, e.g. "PNG", "an empty file", "not a picture".
    """

    def __init__(self, path: Path, found_kind: str) -> None:
        super().__init__(path, found_kind)
        self.path, self.found_kind = path, found_kind


class UnsupportedJpeg(CoreError):
    """The file is a JPEG whose coding this build cannot invert.

    Attributes:
        path: The file.
        feature: The coding feature, in T.81 terms, e.g. "arithmetic coding".
    """

    def __init__(self, path: Path, feature: str) -> None:
        super().__init__(path, feature)
        self.path, self.feature = path, feature


class TooManyPixels(CoreError):
    """The header claims a picture that would fill the memory, by accident or malice.

    Attributes:
        path: The file.
        width: As claimed.
        height: As claimed.
        max_pixels: The most pixels that are read.
    """

    def __init__(self, path: Path, width: int, height: int, max_pixels: int) -> None:
        super().__init__(path, width, height, max_pixels)
        self.path, self.width, self.height, self.max_pixels = path, width, height, max_pixels


class DamagedJpeg(CoreError):
    """The file is a JPEG whose data is cut off or contradictory.

    Attributes:
        path: The file.
        damage_text: What is wrong with it, e.g. "it ends in the middle of the picture".
    """

    def __init__(self, path: Path, damage_text: str) -> None:
        super().__init__(path, damage_text)
        self.path, self.damage_text = path, damage_text


class CompressionNotDetected(CoreError):
    """A picture that is no JPEG shows no sign of having been one, and no quality factor was given.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class NoRunRecord(CoreError):
    """A picture holds no record of how it was made, or one that is not whole.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class PriorMismatch(CoreError):
    """A record names a prior that is not the one at hand.

    Attributes:
        path: The file with the record.
        expected: The name of the prior in the record, and the first digits of its hash.
        actual: Those of the prior at hand.
    """

    def __init__(self, path: Path, expected: str, actual: str) -> None:
        super().__init__(path, expected, actual)
        self.path, self.expected, self.actual = path, expected, actual


class UnsupportedImage(CoreError):
    """A file cannot be read as one grey, RGB or CMYK picture.

    Attributes:
        path: The file.
        page_count: How many the file has; 0 where their number is not the reason.
        frame_count: How many its animation has; 0 where it is none.
    """

    def __init__(self, path: Path, *, page_count: int = 0, frame_count: int = 0) -> None:
        super().__init__(path)
        self.path, self.page_count, self.frame_count = path, page_count, frame_count


class NotEightBitImage(CoreError):
    """The pixels of a picture are not whole grey levels: more bits than 8, or floats.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class BitDepthNotDetected(CoreError):
    """The values in a picture are no sign of lost bits, and nobody said how many are left.

    Attributes:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class SizeMismatch(CoreError):
    """A result and the JPEG it is held against are not the same size or kind.

    Attributes:
        path: The result.
        actual: Its width, height and channels.
        expected: Those of the JPEG.
    """

    def __init__(
        self, path: Path, actual: tuple[int, int, int], expected: tuple[int, int, int]
    ) -> None:
        super().__init__(path, actual, expected)
        self.path, self.actual, self.expected = path, actual, expected


class UnwritableOutput(CoreError):
    """The output cannot be written; nothing was left behind.

    Attributes:
        path: The output file.
        reason: The system's own words.
        error_code: The system's error number, a value of `errno`; None where the system gave none.
    """

    def __init__(self, path: Path, reason: str, error_code: int | None = None) -> None:
        super().__init__(path, reason)
        self.path, self.reason, self.error_code = path, reason, error_code


class OutputExists(CoreError):
    """The output is there already and replacing it was not asked for.

    Attributes:
        path: The output file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class InputFileRole(Enum):
    """The purpose for which a command reads a file."""

    SOURCE = "source"  # the picture that results are made from
    RESULT = "result"  # a result that is held against its source


class OutputIsInput(CoreError):
    """The output is a file that is read, under this or another name.

    Attributes:
        path: The output file.
        role: The purpose for which the file is read.
    """

    def __init__(self, path: Path, role: InputFileRole = InputFileRole.SOURCE) -> None:
        super().__init__(path)
        self.path, self.role = path, role


class InvalidPrior(CoreError):
    """A prior's file is missing, damaged, or not described by its header.

    Attributes:
        path: The file.
        problem: What is wrong, e.g. "header lacks 'sigma'".
    """

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


class PriorNotInstalled(CoreError):
    """A prior is known, but was not downloaded or imported yet.

    Attributes:
        name: Of the prior.
        size: Size of its published file.
        license_name: Of its weights.
    """

    def __init__(self, name: str, size: int, license_name: str) -> None:
        super().__init__(name, size, license_name)
        self.name, self.size, self.license_name = name, size, license_name


class PriorChecksumMismatch(CoreError):
    """A prior's file is not the one that was imported.

    Attributes:
        path: The file.
        expected: Its SHA-256 then.
        actual: That of today.
    """

    def __init__(self, path: Path, expected: str, actual: str) -> None:
        super().__init__(path, expected, actual)
        self.path, self.expected, self.actual = path, expected, actual


class DownloadFailed(CoreError):
    """A file cannot be got from where it is published; what has arrived is kept.

    Attributes:
        url: Of the file.
        reason: The system's or the server's words, e.g. "Connection refused".
    """

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url, self.reason = url, reason


class DownloadStalled(CoreError):
    """A server fell silent; what has arrived is kept.

    Attributes:
        url: Of the file.
        seconds: For how long nothing came.
    """

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, seconds)
        self.url, self.seconds = url, seconds


class InvalidDownload(CoreError):
    """What arrived is not the file that was published; it was deleted.

    Attributes:
        url: Of the file.
        problem: How it differs, e.g. "it has more than 1,000 bytes".
    """

    def __init__(self, url: str, problem: str) -> None:
        super().__init__(url, problem)
        self.url, self.problem = url, problem


class DownloadInProgress(CoreError):
    """Another download of the same file is under way.

    Attributes:
        path: What it writes.
    """

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path


class InsufficientDiskSpace(CoreError):
    """A disk has no room for what is to be downloaded.

    Attributes:
        path: The folder.
        needed_bytes: Bytes that have to be free.
        free_bytes: Bytes that are.
    """

    def __init__(self, path: Path, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(path, needed_bytes, free_bytes)
        self.path, self.needed_bytes, self.free_bytes = path, needed_bytes, free_bytes


class InvalidSetting(CoreError):
    """A setting is outside its range.

    Attributes:
        name: The setting, e.g. "steps".
        value: What was given.
        allowed: The range, in words, e.g. "1 to 1000".
    """

    def __init__(self, name: str, value: object, allowed: str) -> None:
        super().__init__(name, value, allowed)
        self.name, self.value, self.allowed = name, value, allowed


class InvalidPresets(CoreError):
    """The file of the user's presets is not one that can be used; it was left as it is.

    Attributes:
        path: The file.
        problem: What is wrong, e.g. "it is not JSON".
    """

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path, self.problem = path, problem


class UnknownDevice(CoreError):
    """The device does not exist here.

    Attributes:
        name: The device as asked for, e.g. "cuda:1".
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class InsufficientMemory(CoreError):
    """A device has less free memory than a prior needs there.

    Attributes:
        prior_name: Of the prior.
        device: Its name.
        needed_bytes: Bytes, of the weights and one evaluation.
        free_bytes: Bytes.
    """

    def __init__(self, prior_name: str, device: str, needed_bytes: int, free_bytes: int) -> None:
        super().__init__(prior_name, device, needed_bytes, free_bytes)
        self.prior_name, self.device = prior_name, device
        self.needed_bytes, self.free_bytes = needed_bytes, free_bytes


class OutOfMemory(CoreError):
    """The device cannot hold one sample of the picture.

    Attributes:
        device: Its name.
        width: Of the picture, in pixels.
        height: Of the picture, in pixels.
    """

    def __init__(self, device: str, width: int, height: int) -> None:
        super().__init__(device, width, height)
        self.device, self.width, self.height = device, width, height


class OperationCancelled(Exception):
    """The caller withdrew the request. Not a CoreError: nothing failed."""
