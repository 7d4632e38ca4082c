"""The settings of a restoration as JSON values, for files that outlast the window."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from app.jobs.run.restore_settings import RestoreSettings
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.sampler.serialization import settings_from_values, settings_to_values


def encode_restore_settings(settings: RestoreSettings) -> dict[str, Any]:
    """Return the settings of a restoration as JSON values.

    As in version 0.1.0, the fields of the assumption are not nested.
    """
    document = asdict(settings) | {"sampler": settings_to_values(settings.sampler)}
    del document["assumption"]
    return document | asdict(settings.assumption)


def parse_restore_settings(document: dict[str, Any]) -> RestoreSettings:
    """Convert the values of `encode_restore_settings` back to settings.

    Raises:
        AttributeError, IndexError, KeyError, TypeError, ValueError, InvalidSetting: If the values
            are of another version or were edited by hand.
    """
    grid = document["grid"]
    return RestoreSettings(
        settings_from_values(document["sampler"]),
        document["seed"],
        document["device"],
        document["prior"],
        CompressionAssumption(
            document["quality"], None if grid is None else (grid[0], grid[1]), document["sampling"]
        ),
        document.get("is_prior_fallback", False),  # version 0.1.0 does not write this key
    )
