"""The file of the presets that the user has saved."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ddrm_core.errors import InvalidPresets, InvalidSetting
from ddrm_core.files.atomic_write import write_atomically
from ddrm_core.messages import Reason, tr_noop
from ddrm_core.os_errors import reading, writing
from ddrm_core.sampler.serialization import settings_from_values, settings_to_values
from ddrm_core.sampler.settings import Preset, SamplerSettings
from ddrm_core.setting_fields import InvalidSettingType, UnexpectedSettings

# A file of 0.1.0 may hold a preset with the name of a newer built-in one, such as "draft".
_RESERVED_NAMES_IN_0_1_0 = frozenset({"fast", "balanced", "best", "detail", "paper"})
PRESET_FILE_NAME = "presets.json"
MAX_PRESETS, MAX_PRESET_NAME_LENGTH = 100, 40
_FORMAT_VERSION = 1
_MAX_FILE_BYTES = 1 << 20
_MAX_PRIOR_NAME_LENGTH = 200


@dataclass(frozen=True, slots=True)
class UserPreset:
    """Sampler settings that the user saved under a name, with the prior that the user chose.

    Attributes:
        name: 1 to 40 printable characters; not the name of a built-in preset of 0.1.0.
        settings: Sampler settings.
        prior: Name of the prior, 1 to 200 printable characters; None for a preset that is used with
            any prior.
    """

    name: str
    settings: SamplerSettings
    prior: str | None = None

    def matches(self, settings: SamplerSettings, prior: str | None) -> bool:
        """Return whether the preset has these settings and names no other prior."""
        return self.settings == settings and self.prior in (None, prior)


class PresetDefect(Reason):
    """The kinds of defects of a preset file."""

    TOO_LONG = tr_noop("it is too long")
    NOT_TEXT = tr_noop("it is not text")
    NOT_JSON = tr_noop("it is not JSON")
    NO_PRESETS = tr_noop("it does not hold presets")
    OTHER_VERSION = tr_noop("it is of another version of the program")
    PRESET_COUNT = tr_noop("it has too many presets, or none")
    SAME_NAMES = tr_noop("two presets have the same name")
    PRESET_NAME = tr_noop("a preset has no usable name")
    PRIOR_NAME = tr_noop("a preset names no usable prior")
    OTHER_SETTINGS = tr_noop("a preset has other settings than this version")
    SETTING_TYPE = tr_noop("a setting has a value of another kind")
    SETTING_RANGE = tr_noop("a setting is out of its range")


class _InvalidPresetFile(Exception):
    """The error that the content of a preset file is invalid.

    Attributes:
        defect: Defect of the file.
    """

    def __init__(self, defect: PresetDefect) -> None:
        super().__init__(defect)
        self.defect = defect


def is_valid_preset_name(name: str) -> bool:
    """Return whether the user may give this name to a preset."""
    return _is_free_name(name, reserved_names=frozenset(map(str, Preset)))


def load_presets(path: Path) -> tuple[UserPreset, ...]:
    """Read the presets of a file. A missing file has no presets.

    Raises:
        InvalidPresets: If `save_presets` of this version cannot have written the file.
        UnreadableFile: If the system does not allow it.
    """
    try:
        with reading(path):
            if not path.exists():
                return ()
            if path.stat().st_size > _MAX_FILE_BYTES:
                raise InvalidPresets(path, PresetDefect.TOO_LONG)
            text = path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidPresets(path, PresetDefect.NOT_TEXT) from error
    try:
        return _parse_presets(json.loads(text))
    except _InvalidPresetFile as error:
        raise InvalidPresets(path, error.defect) from error
    except json.JSONDecodeError as error:
        raise InvalidPresets(path, PresetDefect.NOT_JSON) from error
    except UnexpectedSettings as error:
        raise InvalidPresets(path, PresetDefect.OTHER_SETTINGS) from error
    except InvalidSettingType as error:
        raise InvalidPresets(path, PresetDefect.SETTING_TYPE) from error
    except InvalidSetting as error:
        raise InvalidPresets(path, PresetDefect.SETTING_RANGE) from error
    # RecursionError: a malicious file can be nested too deeply for the parser.
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise InvalidPresets(path, PresetDefect.NO_PRESETS) from error


def save_presets(path: Path, presets: Sequence[UserPreset]) -> None:
    """Replace the presets in a file by `presets`.

    Raises:
        UnwritableOutput: If the system does not allow it; the earlier presets remain.
    """
    content = {
        "format": _FORMAT_VERSION,
        "presets": [_preset_to_values(preset) for preset in presets],
    }
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, json.dumps(content, indent=2, ensure_ascii=False).encode())


def _preset_to_values(preset: UserPreset) -> dict[str, Any]:
    """Convert a preset to JSON values; as in 0.1.0, a preset without a prior has no such key."""
    values = {"name": preset.name, "settings": settings_to_values(preset.settings)}
    return values if preset.prior is None else values | {"prior": preset.prior}


def _parse_presets(content: Any) -> tuple[UserPreset, ...]:
    if content["format"] != _FORMAT_VERSION:
        raise _InvalidPresetFile(PresetDefect.OTHER_VERSION)
    entries = content["presets"]
    if not isinstance(entries, list) or len(entries) > MAX_PRESETS:
        raise _InvalidPresetFile(PresetDefect.PRESET_COUNT)
    presets = tuple(
        UserPreset(
            _validate_preset_name(p["name"]),
            settings_from_values(p["settings"]),
            _validate_prior_name(p.get("prior")),
        )
        for p in entries
    )
    if len({p.name.casefold() for p in presets}) != len(presets):
        raise _InvalidPresetFile(PresetDefect.SAME_NAMES)
    return presets


def _is_free_name(name: str, *, reserved_names: frozenset[str]) -> bool:
    return (
        name == name.strip()
        and 1 <= len(name) <= MAX_PRESET_NAME_LENGTH
        and name.isprintable()
        and name.casefold() not in reserved_names
    )


def _validate_preset_name(name: Any) -> str:
    if not isinstance(name, str) or not _is_free_name(
        name, reserved_names=_RESERVED_NAMES_IN_0_1_0
    ):
        raise _InvalidPresetFile(PresetDefect.PRESET_NAME)
    return name


def _validate_prior_name(name: Any) -> str | None:
    if name is None:
        return None
    if not (isinstance(name, str) and name.isprintable()) or not (
        1 <= len(name) <= _MAX_PRIOR_NAME_LENGTH
    ):
        raise _InvalidPresetFile(PresetDefect.PRIOR_NAME)
    return name
