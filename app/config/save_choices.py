"""Choices for saving a result, which are kept between two starts."""

from __future__ import annotations

from dataclasses import dataclass

from ddrm_core.export.settings import DEFAULT_EXPORT_SETTINGS, ExportSettings
from ddrm_core.formats.capabilities import SaveFormat


@dataclass(frozen=True, slots=True)
class SaveChoices:
    """The settings that the user wants wherever they are possible.

    Attributes:
        export: Settings of the result; sharpness and sample are those of the result itself.
        format: Format that was chosen last.
    """

    export: ExportSettings = DEFAULT_EXPORT_SETTINGS
    format: SaveFormat = SaveFormat.PNG
