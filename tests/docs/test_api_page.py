"""The reference of the library documents each public name and the objects behind the names."""

from __future__ import annotations

import importlib
import inspect
import re
from types import ModuleType

import pytest

import ddrm_core
from tests.support.paths import ROOT

API_PAGE = (ROOT / "docs" / "API.md").read_text("utf-8")
DOCUMENTED = re.findall(r"^::: (\S+)$", API_PAGE, re.MULTILINE)
PUBLIC = [f"ddrm_core.{name}" for name in ddrm_core.__all__]
CONSTANTS = {
    f"ddrm_core.{name}" for name in ("BUNDLED_PRIOR_PATH", "PRESETS", "PROGRAM_NAME", "__version__")
}


def find(path: str) -> object:
    """Return the object with a dotted path such as "ddrm_core.cancel.CancelToken"."""
    module, _, name = path.rpartition(".")
    return getattr(importlib.import_module(module), name)


def members(described: type | ModuleType) -> dict[str, object]:
    """Return the public functions, properties and classes that a class or module defines."""
    module = described.__name__ if isinstance(described, ModuleType) else described.__module__
    return {
        name: value
        for name, value in vars(described).items()
        if not name.startswith("_")
        and (isinstance(value, property) or getattr(value, "__module__", None) == module)
        and (isinstance(value, property | type) or inspect.isfunction(value))
    }


def test_each_public_name_is_documented_once():
    assert sorted(path for path in DOCUMENTED if path in PUBLIC) == sorted(PUBLIC)
    assert len(set(DOCUMENTED)) == len(DOCUMENTED)


@pytest.mark.parametrize("path", [path for path in DOCUMENTED if path not in CONSTANTS])
def test_an_object_on_the_page_and_its_members_have_docstrings(path):
    """Members without a docstring are missing on the page."""
    described = find(path)
    assert inspect.getdoc(described)
    inside = members(described) if isinstance(described, type | ModuleType) else {}
    assert [name for name, value in inside.items() if not value.__doc__] == []
