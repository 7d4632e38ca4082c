"""Names of results from a template with fields such as {stem}."""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import PurePosixPath
from string import Formatter

from ddrm_core.allowed_values import AllowedValues
from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.suffixes import WRITABLE_SUFFIXES
from ddrm_core.messages import Message

DEFAULT_TEMPLATE = "{stem}_restored{ext}"
CUSTOM_NAME = "custom"
"""Text for settings that are no preset, and for quantization tables of no quality factor."""
# Windows: "Naming Files, Paths, and Namespaces"; other systems forbid less.
_FORBIDDEN_CHARACTERS = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_RESERVED_NAMES = re.compile(
    r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.I
)
# Below the limit of 255 bytes of most file systems, so that a number can be added.
_MAX_NAME_BYTES = 240
_SHORTENABLE_FIELDS = ("name", "stem", "folder", "prior", "preset")


@dataclass(frozen=True, slots=True)
class TemplateFields:
    """The text of each template field for one result.

    Attributes:
        stem: File name of the source without its suffix.
        name: File name of the source.
        ext: Suffix of the result's format, with its dot.
        folder: Name of the source's folder.
        quality: Quality factor of the source, "custom" for quantization tables that are not
            libjpeg's, or "none" for a file without quantization tables.
        preset: Name of the preset, or "custom".
        seed: Seed in decimal digits.
        prior: Name of the prior.
        number: Number of the source among all sources, from 1, padded with zeros to one width.
    """

    stem: str
    name: str
    ext: str
    folder: str
    quality: str
    preset: str
    seed: str
    prior: str
    number: str


TEMPLATE_FIELD_NAMES = tuple(field.name for field in fields(TemplateFields))
_EXAMPLE_FIELDS = TemplateFields(
    "photo", "photo.jpg", ".png", "photos", "10", "fast", "0", "compact", "1"
)


def check_template(template: str) -> None:
    """Check that a template gives names that are valid on every system.

    Slashes in the template separate folders inside the target folder.

    Raises:
        InvalidSetting: If the template has unknown fields, gives empty, hidden or too long names,
            leads out of the target folder, contains characters or names that Windows forbids, or
            ends in a suffix of no writable format.
    """
    try:
        pieces = list(Formatter().parse(template))
    except ValueError as error:
        allowed = Message(AllowedValues.TEMPLATE_SYNTAX, {"example": "{stem}"})
        raise InvalidSetting("template", template, allowed) from error
    for literal, field_name, specification, conversion in pieces:
        if field_name is not None and (
            field_name not in TEMPLATE_FIELD_NAMES or specification or conversion
        ):
            known = ", ".join(f"{{{name}}}" for name in TEMPLATE_FIELD_NAMES)
            allowed = Message(AllowedValues.TEMPLATE_FIELDS, {"blanks": known})
            raise InvalidSetting("template", template, allowed)
        if found := _FORBIDDEN_CHARACTERS.search(literal):
            allowed = Message(AllowedValues.TEMPLATE_CHARACTERS, {"letter": found[0]})
            raise InvalidSetting("template", template, allowed)
    parts = template.format(**asdict(_EXAMPLE_FIELDS)).split("/")
    if any(not part.strip() or part.startswith(".") for part in parts):
        raise InvalidSetting("template", template, AllowedValues.NAMES_INSIDE_FOLDER)
    if max(map(_count_name_bytes, parts)) > _MAX_NAME_BYTES // 2:
        allowed = Message(AllowedValues.SHORT_NAMES, {"count": _MAX_NAME_BYTES // 2})
        raise InvalidSetting("template", template, allowed)
    if any(part.endswith((" ", ".")) or _RESERVED_NAMES.fullmatch(part) for part in parts):
        raise InvalidSetting("template", template, AllowedValues.PORTABLE_NAMES)
    if PurePosixPath(parts[-1]).suffix.lower() not in WRITABLE_SUFFIXES:
        endings = ", ".join(("{ext}", *WRITABLE_SUFFIXES))
        allowed = Message(AllowedValues.ENDING, {"endings": endings})
        raise InvalidSetting("template", template, allowed)


def has_template_field(template: str, field_name: str) -> bool:
    """Return whether a valid template contains the field `field_name`."""
    return any(name == field_name for _, name, _, _ in Formatter().parse(template))


def has_flexible_suffix(template: str) -> bool:
    """Return whether a template ends in {ext}, so that the result's format may be changed."""
    return template.endswith("{ext}")


def is_forbidden_on_windows(name: str) -> bool:
    """Return whether Windows allows no file with this name."""
    return bool(
        _FORBIDDEN_CHARACTERS.search(name)
        or name.endswith((" ", "."))
        or _RESERVED_NAMES.fullmatch(name)
    )


def render_template(template: str, template_fields: TemplateFields) -> str:
    """Fill in a valid template; return the result's path relative to the target folder.

    The path has slashes. Long texts of fields are shortened so that no part of the path exceeds
    240 bytes.
    """
    # Not with asdict, whose copies take most of the time of a plan of many files.
    values: dict[str, str] = {k: getattr(template_fields, k) for k in TEMPLATE_FIELD_NAMES}
    for name in ("preset", "prior"):
        values[name] = _FORBIDDEN_CHARACTERS.sub("_", values[name])
    values = {k: v.replace("/", "_") for k, v in values.items()}
    values["folder"] = values["folder"] or "_"
    parts = template.format(**values).split("/")
    while max(map(_count_name_bytes, parts)) > _MAX_NAME_BYTES:
        name = max(_SHORTENABLE_FIELDS, key=lambda k: len(values[k]))
        if not values[name]:
            break
        values[name] = values[name][:-1]
        parts = template.format(**values).split("/")
    return "/".join(_make_portable_name(part) for part in parts)


def _count_name_bytes(part: str) -> int:
    return len(os.fsencode(part))


def _make_portable_name(part: str) -> str:
    """Return a file name, with "_" before a name that is hidden or reserved on Windows."""
    return f"_{part}" if part.startswith(".") or _RESERVED_NAMES.fullmatch(part) else part
