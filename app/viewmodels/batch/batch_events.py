"""What happens to a queue and is said once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.jobs.batch.batch_worker import ResultPicture, Search
from app.viewmodels.batch.batch_counts import Tally
from ddrm_core.errors import UnwritableOutput


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
class AskRedo:
    """The user is to say whether results of other settings are replaced.

    Attributes:
        count: Number of files that have such results.
    """

    count: int


@dataclass(frozen=True, slots=True)
class Full:
    """The queue pauses because its results cannot be written any more.

    Attributes:
        folder: The folder of the results.
        error: Why.
        left: How many files are still to be restored.
    """

    folder: Path
    error: UnwritableOutput
    left: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A report was written.

    Attributes:
        path: Where.
    """

    path: Path


@dataclass(frozen=True, slots=True)
class FolderGone:
    """The watched folder cannot be read any more.

    Attributes:
        folder: Which.
    """

    folder: Path


Event = Ended | Recalled | Trouble | AskRedo | Full | Search | Reported | ResultPicture | FolderGone
