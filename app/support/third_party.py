"""Notices about the works of others that the program contains or uses."""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from app import COMMAND

_NAME = re.compile(r"[\w.-]+")
_LICENSE_CLASSIFIER = "License :: OSI Approved :: "


def read_third_party_notices(path: Path) -> str:
    """Return the works of others with their licenses, a line each.

    A built program has a file of all its parts at `path`. An installation with pip consists of the
    Python packages that the program requires, and each states its license in its metadata.
    """
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return "\n".join(_describe_packages(_list_requirements()))


def _list_requirements() -> list[str]:
    """Return the names of the packages that the program requires, without extras."""
    try:
        requirements = importlib.metadata.requires(COMMAND) or []
    except importlib.metadata.PackageNotFoundError:  # run from its sources, and not installed
        return []
    names = (_NAME.match(text) for text in requirements if "extra ==" not in text)
    return sorted((match[0] for match in names if match is not None), key=str.lower)


def _describe_packages(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:  # for another system
            continue
        yield f"{metadata['Name']} {metadata['Version']}: {_find_license(metadata)}"


def _find_license(metadata: importlib.metadata.PackageMetadata) -> str:
    """Return the license that a package states: an expression, a classifier or a first line."""
    expression = metadata.json.get("license_expression")
    if expression:
        return str(expression)
    for classifier in metadata.get_all("Classifier") or []:
        if classifier.startswith(_LICENSE_CLASSIFIER):
            return str(classifier.removeprefix(_LICENSE_CLASSIFIER))
    lines = str(metadata.json.get("license", "")).strip().splitlines()
    return lines[0] if lines else "see its documentation"
