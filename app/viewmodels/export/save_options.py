"""View model of the options for saving a result."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from app.config.paths import pictures_folder
from app.config.resources import is_installed_file
from app.config.save_choices import SaveChoices
from app.i18n.translation import tr, tr_noop
from app.jobs.run.result_strength import FULL_STRENGTH, ResultStrength
from app.viewmodels.state_view_model import StateViewModel
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.capabilities import (
    BIT_DEPTHS,
    SaveFormat,
    list_capable_formats,
)
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.jpeg.image import JpegImage, QualitySource
from ddrm_core.metadata.exif import read_orientation
from ddrm_core.metadata.model import MetadataPolicy

if TYPE_CHECKING:  # imports torch, which the window starts without, see `PriorCache`
    from ddrm_core.problems.protocols import MeasuredImage


@dataclass(frozen=True, slots=True)
class ResultTraits:
    """Properties of a result that limit how it can be saved.

    Attributes:
        channel_count: Number of channels: 1, 3 or 4.
        longest_side: Length of the longer side in pixels.
        is_reoriented: Whether EXIF states an orientation other than upright.
        has_file_levels: Whether the run used the levels and quantization tables of a JPEG as they
            are in the file, not assumed ones.
        is_region: Whether the result is a region, for which the source's levels cannot be used.
        default_folder: Folder of the result if the user has chosen none; None for the folder of
            the source.
        is_pasted: Whether the source is an image of the clipboard, which has no file and no date.
    """

    channel_count: int
    longest_side: int
    is_reoriented: bool
    has_file_levels: bool
    is_region: bool = False
    default_folder: Path | None = None
    is_pasted: bool = False


_DEFAULT_SUBJECT = ResultTraits(
    channel_count=3, longest_side=1, is_reoriented=False, has_file_levels=False
)
_ANY_FILE = replace(_DEFAULT_SUBJECT, has_file_levels=True)
_POLICY_TEXTS = {
    MetadataPolicy.ALL: tr_noop("all metadata"),
    MetadataPolicy.NO_GPS: tr_noop("no GPS"),
    MetadataPolicy.NONE: tr_noop("no metadata"),
}


def find_default_folder(source: Path) -> Path | None:
    """Return the folder of results of `source` if the user has chosen none; None for its own.

    Nothing is saved into the installation, where the sample picture is.
    """
    return pictures_folder() if is_installed_file(source) else None


def build_save_subject(image: MeasuredImage, region: Rectangle | None = None) -> ResultTraits:
    """Return the traits that limit how a result of `image`, or of a region of it, is saved."""
    exif = image.metadata.exif
    return ResultTraits(
        channel_count=image.channels,
        longest_side=max(image.size if region is None else (region.width, region.height)),
        is_reoriented=exif is not None and read_orientation(exif) != 1,
        has_file_levels=isinstance(image, JpegImage)
        and image.quality_source is QualitySource.TABLES,
        is_region=region is not None,
        default_folder=find_default_folder(image.path),
    )


@dataclass(frozen=True, slots=True)
class SaveOptionsState:
    """The user's choices for saving, and the result that limits which of them apply.

    Attributes:
        choices: The user's choices.
        subject: Traits of the result to save; a small upright RGB image while there is no result.
        folder: Folder of results; None for the folder of their source.
    """

    choices: SaveChoices = field(default_factory=SaveChoices)
    subject: ResultTraits = _DEFAULT_SUBJECT
    folder: Path | None = None

    @property
    def should_use_same_levels(self) -> bool:
        """Whether the result will be saved as a JPEG with the levels of its source."""
        return self.choices.export.same_levels and self.can_use_same_levels

    @property
    def can_use_same_levels(self) -> bool:
        """Whether the result can be saved as a JPEG with the levels of its source."""
        return self.subject.has_file_levels and not self.subject.is_region

    @property
    def bits(self) -> int:
        """Bits per channel: those that were chosen, unless no format has them for the result."""
        subject, bits = self.subject, self.choices.export.bits
        is_possible = list_capable_formats(bits, subject.channel_count, subject.longest_side)
        return bits if is_possible and not self.should_use_same_levels else BIT_DEPTHS[0]

    @property
    def offered_bits(self) -> tuple[int, ...]:
        """Bits per channel that the proposed format has."""
        if self.should_use_same_levels:
            return BIT_DEPTHS[:1]
        return self.proposed_format.capabilities.bit_depths

    @property
    def offered_formats(self) -> tuple[SaveFormat, ...]:
        """Formats that can hold the result with at least one bit depth."""
        channel_count, longest_side = self.subject.channel_count, self.subject.longest_side
        capable = {
            save_format
            for bits in BIT_DEPTHS
            for save_format in list_capable_formats(bits, channel_count, longest_side)
        }
        return tuple(save_format for save_format in SaveFormat if save_format in capable)

    @property
    def is_jpeg(self) -> bool:
        """Whether the result is saved as a JPEG."""
        return self.proposed_format is SaveFormat.JPEG

    @property
    def can_bake_orientation(self) -> bool:
        """Whether the choice to save upright pixels, without an orientation, has an effect."""
        return self.subject.is_reoriented and not self.should_use_same_levels

    @property
    def should_bake_orientation(self) -> bool:
        return self.choices.export.bake_orientation and self.can_bake_orientation

    @property
    def should_keep_date(self) -> bool:
        """Whether the result gets the modification time of its source."""
        return self.choices.keep_date and not self.subject.is_pasted

    @property
    def available_formats(self) -> tuple[SaveFormat, ...]:
        """Formats that can hold the image with the chosen bit depth."""
        if self.should_use_same_levels:
            return (SaveFormat.JPEG,)
        return list_capable_formats(
            self.bits, self.subject.channel_count, self.subject.longest_side
        )

    @property
    def has_jpeg_quality(self) -> bool:
        """Whether the chosen JPEG quality has an effect."""
        return self.is_jpeg and not self.should_use_same_levels

    @property
    def proposed_format(self) -> SaveFormat:
        """The user's format if it is available, else the first available format."""
        return (
            self.choices.format
            if self.choices.format in self.available_formats
            else self.available_formats[0]
        )

    def propose_path(self, source: Path) -> Path:
        """Return the default path of the result, in the chosen folder or in that of its source.

        Results of the sample picture have the user's folder of pictures in place of their source's.
        """
        name = f"{source.stem}_restored{self.proposed_format.suffixes[0]}"
        folder = self.folder or find_default_folder(source)
        return source.with_name(name) if folder is None else folder / name

    def summary_text(self) -> str:
        """Return a line with the save options that apply, besides format and folder."""
        bits = tr("32-bit float") if self.bits == 32 else tr("{bits} bits")
        parts = [bits.format(bits=self.bits), tr(_POLICY_TEXTS[self.choices.export.policy])]
        if self.subject.is_region:
            parts.insert(0, tr("the restored part alone"))
        if self.should_bake_orientation:
            parts.append(tr("upright"))
        if self.should_use_same_levels:
            parts.append(tr("same compression as the source"))
        elif self.is_jpeg:
            quality_text = tr("JPEG quality {quality}: lossy, so not faithful")
            parts.append(quality_text.format(quality=self.choices.export.jpeg_quality))
        return ", ".join(parts)

    def for_any_file(self) -> SaveOptionsState:
        """Return the state for files of which only the choices are known, such as a batch's."""
        return replace(self, subject=_ANY_FILE)

    def to_export_settings(
        self, *, sharpness: float = 0.0, sample: int = 1, strength: ResultStrength = FULL_STRENGTH
    ) -> ExportSettings:
        """Return the settings with which the result is encoded.

        Args:
            sharpness: Sharpness from the mean (0) to the sample (1).
            sample: Number of the sample, from 1.
            strength: Strength and kept areas.
        """
        return replace(
            self.choices.export,
            bits=self.bits,
            bake_orientation=self.should_bake_orientation,
            same_levels=self.should_use_same_levels,
            sharpness=sharpness,
            sample=sample,
            strength=strength.strength,
            kept_areas=strength.kept_areas,
        )


class SaveOptionsViewModel(StateViewModel[SaveOptionsState]):
    """View model of the options for saving a result."""

    def __init__(self) -> None:
        super().__init__(SaveOptionsState())

    def set_choices(self, choices: SaveChoices) -> None:
        self._set_state(replace(self._state, choices=choices))

    def set_subject(self, subject: ResultTraits) -> None:
        self._set_state(replace(self._state, subject=subject))

    def set_format(self, save_format: SaveFormat) -> None:
        """Choose a format.

        If the format does not have the chosen bit depth, its next lower one is chosen, or else its
        lowest. Another format than JPEG ends the choice of the source's levels.
        """
        choices, depths = self._state.choices, save_format.capabilities.bit_depths
        export = choices.export
        if export.bits not in depths:
            lower_depths = [depth for depth in depths if depth < export.bits]
            export = replace(export, bits=max(lower_depths, default=depths[0]))
        if save_format is not SaveFormat.JPEG:
            export = replace(export, same_levels=False)
        self.set_choices(replace(choices, format=save_format, export=export))

    def set_bits(self, bits: int) -> None:
        self._set_export(replace(self._state.choices.export, bits=bits))

    def set_metadata_policy(self, policy: MetadataPolicy) -> None:
        self._set_export(replace(self._state.choices.export, policy=policy))

    def set_upright(self, upright: bool) -> None:
        self._set_export(replace(self._state.choices.export, bake_orientation=upright))

    def set_jpeg_quality(self, quality: int) -> None:
        self._set_export(replace(self._state.choices.export, jpeg_quality=quality))

    def set_same_levels(self, same_levels: bool) -> None:
        self._set_export(replace(self._state.choices.export, same_levels=same_levels))

    def set_folder(self, folder: Path | None) -> None:
        """Set the folder of results; None for the folder of their source."""
        self._set_state(replace(self._state, folder=folder))

    def set_keep_date(self, keep_date: bool) -> None:
        self.set_choices(replace(self._state.choices, keep_date=keep_date))

    def _set_export(self, export: ExportSettings) -> None:
        self.set_choices(replace(self._state.choices, export=export))
