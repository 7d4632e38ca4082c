"""How the result will be saved."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from app.config.save_choices import BITS, SaveChoices, SaveFormat, SaveSubject, format_of
from app.i18n.formatting import either_words
from app.i18n.translation import mark, tr
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.metadata.exif import orientation
from ddrm_core.metadata.policy import MetadataPolicy

# It imports torch, which the window starts without, see `PriorCache`.
if TYPE_CHECKING:
    from ddrm_core.export.deliver import DeliverySettings
    from ddrm_core.problems.protocols import Measured

_DEFAULT_SUBJECT = SaveSubject(channels=3, longest=1, turned=False, own_levels=False)
_POLICY_TEXTS = {
    MetadataPolicy.ALL: mark("all metadata"),
    MetadataPolicy.NO_GPS: mark("no GPS"),
    MetadataPolicy.NONE: mark("no metadata"),
}


def build_save_subject(image: Measured, region: Rectangle | None = None) -> SaveSubject:
    """For the result of a run on `image`, or on a region of it."""
    exif = image.metadata.exif
    return SaveSubject(
        channels=image.channels,
        longest=max(image.size if region is None else (region.width, region.height)),
        turned=exif is not None and orientation(exif) != 1,
        own_levels=isinstance(image, JpegImage) and image.source is QualitySource.TABLES,
        part=region is not None,
    )


@dataclass(frozen=True, slots=True)
class SaveOptionsState:
    """What was chosen, and what of it is in force for the present result.

    Attributes:
        choices: The user's.
        subject: What is to be saved; a small upright RGB picture while there is no result.
    """

    choices: SaveChoices = field(default_factory=SaveChoices)
    subject: SaveSubject = _DEFAULT_SUBJECT

    @property
    def should_use_same_levels(self) -> bool:
        """Whether the source's own tables are in force; they leave no choice of other things."""
        return self.choices.same_levels and self.can_use_same_levels

    @property
    def can_use_same_levels(self) -> bool:
        """Whether a JPEG with the source's own tables is possible."""
        return self.subject.own_levels and not self.subject.part

    @property
    def bits(self) -> int:
        return BITS[0] if self.should_use_same_levels else self.choices.bits

    @property
    def can_turn_upright(self) -> bool:
        """Whether turning upright would change something, and is possible."""
        return self.subject.turned and not self.should_use_same_levels

    @property
    def should_turn_upright(self) -> bool:
        return self.choices.upright and self.can_turn_upright

    @property
    def available_formats(self) -> tuple[SaveFormat, ...]:
        """Those that hold the picture with these bits."""
        if self.should_use_same_levels:
            return (SaveFormat.JPEG,)
        return tuple(f for f in SaveFormat if f.holds(self.subject, self.bits))

    @property
    def has_jpeg_quality(self) -> bool:
        """Whether the JPEG quality can make a difference."""
        return SaveFormat.JPEG in self.available_formats and not self.should_use_same_levels

    @property
    def proposed_format(self) -> SaveFormat:
        """The one to propose."""
        return (
            self.choices.format
            if self.choices.format in self.available_formats
            else self.available_formats[0]
        )

    def propose_path(self, source: Path) -> Path:
        """The usual name for the result, beside its source."""
        return source.with_name(f"{source.stem}_restored{self.proposed_format.suffixes[0]}")

    def summary_text(self) -> str:
        """What is in force, in one line."""
        bits = tr("32-bit floats") if self.bits == 32 else tr("{bits} bits")
        parts = [bits.format(bits=self.bits), tr(_POLICY_TEXTS[self.choices.policy])]
        if self.subject.part:
            parts.insert(0, tr("the restored part alone"))
        if self.should_turn_upright:
            parts.append(tr("upright"))
        if self.should_use_same_levels:
            parts.append(tr("the file's own tables"))
        template = tr("{choices}: {formats}")
        return template.format(
            choices=", ".join(parts), formats=either_words(self.available_formats)
        )

    def to_export_settings(self) -> DeliverySettings:
        """The same for the core."""
        from ddrm_core.export.deliver import DeliverySettings

        choices = self.choices
        return DeliverySettings(
            self.bits,
            choices.policy,
            self.should_turn_upright,
            choices.jpeg_quality,
            self.should_use_same_levels,
        )


class SaveOptionsViewModel(StateViewModel[SaveOptionsState]):
    """How the result will be saved, as one value that changes."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(SaveOptionsState(), parent)

    def set_choices(self, choices: SaveChoices) -> None:
        self._set(replace(self._state, choices=choices))

    def set_subject(self, subject: SaveSubject) -> None:
        self._set(replace(self._state, subject=subject))

    def set_bits(self, bits: int) -> None:
        self.set_choices(replace(self._state.choices, bits=bits))

    def set_metadata_policy(self, policy: MetadataPolicy) -> None:
        self.set_choices(replace(self._state.choices, policy=policy))

    def set_upright(self, upright: bool) -> None:
        self.set_choices(replace(self._state.choices, upright=upright))

    def set_jpeg_quality(self, quality: int) -> None:
        self.set_choices(replace(self._state.choices, jpeg_quality=quality))

    def set_same_levels(self, same_levels: bool) -> None:
        self.set_choices(replace(self._state.choices, same_levels=same_levels))

    def set_format_from_path(self, path: Path) -> None:
        """Propose the format of a name that the user gave, where another was proposed."""
        save_format = format_of(path)
        if (
            save_format in self._state.available_formats
            and save_format is not self._state.proposed_format
        ):
            self.set_choices(replace(self._state.choices, format=save_format))
