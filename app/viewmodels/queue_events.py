"""What happens to a queue and is said once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.convert import Pyramid
from app.viewmodels.queue_state import Tally


@dataclass(frozen=True, slots=True)
class Ended:
    """Nothing is left to do.

    Attributes:
        tally: How many files are how far.
    """

    tally: Tally


@dataclass(frozen=True, slots=True)
class Recalled:
    """There is something left from the last time.

    Attributes:
        tally: How many files are how far.
    """

    tally: Tally


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something besides a file went wrong.

    Attributes:
        error: What.
    """

    error: Exception


@dataclass(frozen=True, slots=True)
class Searched:
    """A search through folders is over.

    Attributes:
        count: Of pictures that it found.
        refused: Why folders could not be looked into, each in a line.
    """

    count: int
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """A report was written.

    Attributes:
        path: Where.
    """

    path: Path


@dataclass(frozen=True, slots=True, eq=False)
class Fetched:
    """A result was read from its file.

    Attributes:
        number: Of the file's row.
        picture: As it is shown.
    """

    number: int
    picture: Pyramid


@dataclass(frozen=True, slots=True)
class FolderGone:
    """The watched folder cannot be read any more.

    Attributes:
        folder: Which.
    """

    folder: Path


Event = Ended | Recalled | Trouble | Searched | Reported | Fetched | FolderGone
