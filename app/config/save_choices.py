"""Choices for saving results, stored between two sessions."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.formats.capabilities import SaveFormat


@dataclass(frozen=True, slots=True)
class SaveChoices:
    """The user's choices for saving results.

    A choice is ignored for results that do not allow this choice.

    Attributes:
        export: Export settings, with sharpness and sample at their defaults.
        format: File format that was chosen last.
        keep_date: Whether results get the modification time of their source.
    """

    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    format: SaveFormat = SaveFormat.PNG
    keep_date: bool = True
