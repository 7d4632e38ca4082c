"""Names of results, from a template with blanks such as {stem}."""

from __future__ import annotations

import os
import re
from dataclasses import asdict, dataclass, fields
from pathlib import PurePosixPath
from string import Formatter

from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.suffixes import WRITTEN

DEFAULT_TEMPLATE = "{stem}_restored{ext}"
CUSTOM = "custom"
"""For settings of no preset, and tables of no quality factor."""
# Windows: "Naming Files, Paths, and Namespaces"; other systems forbid less.
_FORBIDDEN = re.compile(r'[<>:"|?*\\\x00-\x1f]')
_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\..*)?", re.I)
# Of 255 that file systems take, with room for a number.
_LONGEST_BYTES = 240
_SHORTENED = ("name", "stem", "folder", "prior", "preset")


@dataclass(frozen=True, slots=True)
class Blanks:
    """What stands for each blank of one result's name.

    Attributes:
        stem: The source's name without its suffix.
        name: The source's name.
        ext: Suffix of the result's format, with its dot.
        folder: Name of the source's folder.
        quality: The quality factor, or "custom", or "none" where there is no table.
        preset: Its name, or "custom".
        seed: In digits.
        prior: Its name.
        number: Of the source among all, from 1, in digits of one width.
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


BLANKS = tuple(field.name for field in fields(Blanks))
_EXAMPLE = Blanks("photo", "photo.jpg", ".png", "photos", "10", "fast", "0", "compact", "1")


def check_template(text: str) -> None:
    """Find out whether a template gives names that every system takes.

    Slashes make folders inside the target folder.

    Raises:
        InvalidSetting: It has unknown blanks, makes empty names, leads out of the target folder,
            holds what Windows forbids, or ends in no format that can be written.
    """
    try:
        pieces = list(Formatter().parse(text))
    except ValueError as error:
        raise InvalidSetting("template", text, "text with blanks such as {stem}") from error
    for literal, blank, specification, conversion in pieces:
        if blank is not None and (blank not in BLANKS or specification or conversion):
            known = ", ".join(f"{{{name}}}" for name in BLANKS)
            raise InvalidSetting("template", text, f"text with the blanks {known}")
        if found := _FORBIDDEN.search(literal):
            allowed = f"names without {found[0]!r}, with / between folders"
            raise InvalidSetting("template", text, allowed)
    parts = text.format(**asdict(_EXAMPLE)).split("/")
    if any(not part.strip() or part.startswith(".") for part in parts):
        allowed = "names inside the target folder, none of them empty or with a dot in front"
        raise InvalidSetting("template", text, allowed)
    if max(map(_bytes, parts)) > _LONGEST_BYTES // 2:
        raise InvalidSetting("template", text, f"names of at most {_LONGEST_BYTES // 2} letters")
    if any(part.endswith((" ", ".")) or _RESERVED.fullmatch(part) for part in parts):
        raise InvalidSetting("template", text, "names that every system takes")
    if PurePosixPath(parts[-1]).suffix.lower() not in WRITTEN:
        endings = ", ".join(("{ext}", *WRITTEN))
        raise InvalidSetting("template", text, f"a name that ends in {endings}")


def uses(text: str, blank: str) -> bool:
    """Whether a checked template has this blank."""
    return any(name == blank for _, name, _, _ in Formatter().parse(text))


def follows_format(text: str) -> bool:
    """Whether a template leaves the format open."""
    return text.endswith("{ext}")


def fill(text: str, blanks: Blanks) -> str:
    """A result's path inside the target folder, with slashes, from a checked template.

    Very long names of sources are shortened, so that the result's fits into a folder.
    """
    chosen = {k: _FORBIDDEN.sub("_", getattr(blanks, k)) for k in ("preset", "prior")}
    values = {k: v.replace("/", "_") for k, v in {**asdict(blanks), **chosen}.items()}
    values["folder"] = values["folder"] or "_"
    parts = text.format(**values).split("/")
    while max(map(_bytes, parts)) > _LONGEST_BYTES:
        name = max(_SHORTENED, key=lambda k: len(values[k]))
        if not values[name]:
            break
        values[name] = values[name][:-1]
        parts = text.format(**values).split("/")
    return "/".join(_safe(part) for part in parts)


def _bytes(part: str) -> int:
    return len(os.fsencode(part))


def _safe(part: str) -> str:
    """A name that a source's brought along, as every system takes it."""
    return f"_{part}" if part.startswith(".") or _RESERVED.fullmatch(part) else part
