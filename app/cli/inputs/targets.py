"""The paths of the results of several images: in a folder, by a template, or beside each image."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from app.cli.inputs.input_options import InputImage
from ddrm_core.batch.name_template import has_flexible_suffix
from ddrm_core.batch.output_paths import OutputNaming, PlannedFile, plan_outputs
from ddrm_core.errors import InvalidSetting
from ddrm_core.formats.suffixes import WRITABLE_SUFFIXES
from ddrm_core.os_errors import writing

_FOLDER_OR_TEMPLATE = "a folder, or a name template such as results/{stem}_restored{ext}"


def plan_targets(
    images: Sequence[InputImage],
    output: str | None,
    naming: OutputNaming,
    *,
    suffix: str | None = None,
) -> tuple[PlannedFile, ...]:
    """Plan the path of each result; no two results have the same path.

    If several results would have the same path, the first one in the order of `images` keeps the
    path and the others are numbered: "a_restored (2).png".

    Args:
        images: All images of the command.
        output: Folder of the results, or a name template: the part of a path from the first
            element that has a field such as {stem}. None puts each result beside its image.
        naming: Naming rule of results without a template.
        suffix: Suffix of all results, None for one whose format supports the image.

    Raises:
        InvalidSetting: If `output` is a file or a name of one, or an invalid template, or if a
            result would replace an image.
    """
    sources = [image.path for image in images]
    try:
        folder, template = (None, None) if output is None else _split_output(output)
        naming = replace(naming, template=_fix_suffix(template or naming.template, suffix))
        if folder is None:
            return _plan_beside_sources(sources, naming)
        return plan_outputs(sources, None, folder, naming)
    except InvalidSetting as error:
        if error.name != "template" or output is None:
            raise
        raise InvalidSetting("output", output, error.allowed) from None


def create_target_folder(target: Path) -> None:
    """Create the folder of a planned result; raise UnwritableOutput if the system refuses."""
    with writing(target.parent):
        target.parent.mkdir(parents=True, exist_ok=True)


def _split_output(output: str) -> tuple[Path, str | None]:
    """Return the folder in a value of `-o`, and the template or None.

    Raise InvalidSetting if the value is a file or names one.
    """
    parts = Path(output).parts
    first = next((index for index, part in enumerate(parts) if "{" in part), None)
    if first is not None:
        return Path(*parts[:first]), "/".join(parts[first:])
    folder = Path(output)
    is_file_name = folder.suffix.lower() in WRITABLE_SUFFIXES and not os.path.isdir(folder)
    if is_file_name or (os.path.lexists(folder) and not os.path.isdir(folder)):
        raise InvalidSetting("output", output, f"{_FOLDER_OR_TEMPLATE}, for several images")
    return folder, None


def _fix_suffix(template: str, suffix: str | None) -> str:
    """Return a template with a suffix in place of the field {ext}; unchanged without a suffix.

    Raise InvalidSetting if the template has another suffix.
    """
    if suffix is None or template.lower().endswith(suffix):
        return template
    if not has_flexible_suffix(template):
        raise InvalidSetting("format", suffix[1:], "left out, or the ending of the name template")
    return template.removesuffix("{ext}") + suffix


def _plan_beside_sources(sources: Sequence[Path], naming: OutputNaming) -> tuple[PlannedFile, ...]:
    """Plan each result in the folder of its source, in the order of the sources."""
    indices_by_folder: dict[Path, list[int]] = {}
    for index, source in enumerate(sources):
        indices_by_folder.setdefault(source.parent, []).append(index)
    planned: dict[int, PlannedFile] = {}
    for folder, indices in indices_by_folder.items():
        files = plan_outputs([sources[index] for index in indices], None, folder, naming)
        planned |= dict(zip(indices, files, strict=True))
    return tuple(planned[index] for index in range(len(sources)))
