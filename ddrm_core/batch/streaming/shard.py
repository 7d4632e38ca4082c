"""Parts of a batch that several programs restore without knowing of each other."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import InvalidSetting

MAX_SHARD_COUNT = 100_000


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several parts of a batch, validated on creation; each file is in exactly one part.

    Attributes:
        index: Number of the part, from 1.
        count: Number of all parts.
    """

    index: int
    count: int

    def __post_init__(self) -> None:
        """Raise InvalidSetting unless `index` is between 1 and `count`."""
        if not 1 <= self.index <= self.count <= MAX_SHARD_COUNT:
            raise InvalidSetting("shard", f"{self.index}/{self.count}", AllowedValues.SHARD)

    def contains(self, relative_path: Path) -> bool:
        """Return whether a file is in this part.

        The part follows from the SHA-256 of the path with slashes in Unicode's form NFC, so that
        it is the same on every system.

        Args:
            relative_path: Path relative to the source folder.
        """
        text = unicodedata.normalize("NFC", relative_path.as_posix())
        digest = hashlib.sha256(text.encode(errors="surrogateescape")).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1


def parse_shard(text: str) -> Shard:
    """Return the part that a text such as "3/16" stands for.

    Raises:
        InvalidSetting: If the text has another form, or the part does not exist.
    """
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if found is None:
        raise InvalidSetting("shard", text, AllowedValues.SHARD)
    return Shard(int(found[1]), int(found[2]))
