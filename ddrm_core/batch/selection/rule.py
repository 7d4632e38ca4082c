"""The rule that selects the files of a batch that are restored."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import InvalidSetting
from ddrm_core.setting_fields import Help, Limits, check_limits


class OthersPolicy(StrEnum):
    """The treatment of the files that a rule does not select."""

    SKIP = "skip"  # nothing is written
    COPY = "copy"  # the folder of results gets a copy, byte for byte


@dataclass(frozen=True, slots=True)
class SelectionRule:
    """The rule that selects the files of a batch that are restored, validated on creation.

    Attributes:
        below_quality: Quality factor, 2 to 100; files with a lower one are selected. None selects
            all files.
        others: Treatment of the files that are not selected; None stands for `SKIP`.
        assume_earlier: Whether a JPEG with signs of an earlier, harsher compression is restored
            for, and selected by, the estimated quality factor of that compression instead of its
            own tables.
    """

    below_quality: Annotated[
        int | None,
        Limits(2, 100),
        Help(
            "Restore only images that need it: those with a quality factor below this one, 2 to"
            " 100, or with custom tables that lose at least as much as libjpeg's at this one."
        ),
    ] = None
    others: Annotated[
        OthersPolicy | None,
        Help(
            "What becomes of all other images: skip, or copy them unchanged to the folder of the"
            " results; default: skip."
        ),
    ] = None
    assume_earlier: Annotated[
        bool,
        Help(
            "If a JPEG shows signs of an earlier compression at a lower quality factor, restore it"
            " for that one, which is estimated, instead of its own tables."
        ),
    ] = False

    def __post_init__(self) -> None:
        """Raise InvalidSetting if the quality is out of range, or only `others` is given."""
        check_limits(self)
        if self.others is not None and self.below_quality is None:
            raise InvalidSetting("others", self.others, AllowedValues.OTHERS_WITH_BELOW_QUALITY)

    @property
    def is_active(self) -> bool:
        """Whether the compression of a file decides how the file is handled."""
        return self.below_quality is not None or self.assume_earlier

    @property
    def copies_others(self) -> bool:
        """Whether files that are not selected are copied."""
        return self.others is OthersPolicy.COPY


ALL_FILES = SelectionRule()
"""The rule of a batch that restores every file by its own tables."""
