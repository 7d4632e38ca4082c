"""Plug-ins by name: registered by scripts, offered by packages, imported when named."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from ddrm_core.errors import UnreadableFile
from ddrm_core.plugins import (
    PluginIdentity,
    PluginKind,
    PluginRegistry,
    UnknownPlugin,
    UnusablePlugin,
    make_printable,
)

GROUP = "ddrm_restore.shapes"


@dataclass(frozen=True)
class Shape:
    name: str


@pytest.fixture
def registry() -> PluginRegistry[Shape]:
    return PluginRegistry(PluginKind.CORRECTION, GROUP, Shape, (Shape("disc"), Shape("square")))


@pytest.fixture
def install(tmp_path, monkeypatch):
    """Return a function that installs a distribution with one module and entry points.

    The module is unloaded after the test.
    """
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    before = set(sys.modules)

    def write(distribution: str, entry_points: str, module: str, code: str) -> None:
        folder = tmp_path / f"{distribution}-1.5.dist-info"
        folder.mkdir()
        metadata = f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.5\n"
        (folder / "METADATA").write_text(metadata)
        (folder / "entry_points.txt").write_text(f"[{GROUP}]\n{entry_points}\n")
        (tmp_path / f"{module}.py").write_text(code)

    yield write
    for name in set(sys.modules) - before:
        if name.startswith("shape_module"):
            del sys.modules[name]


def make_code(name: str) -> str:
    """Return the source code of a module that defines a plug-in with this name."""
    return f"import types\nWAVE = types.SimpleNamespace(name={name!r})\n"


class TestRegistering:
    def test_built_in_plugins_are_there_and_have_no_identity(self, registry):
        assert registry.names() == ("disc", "square")
        assert registry.get("disc") == Shape("disc")
        assert registry.identify("disc") is None

    def test_a_script_is_identified_by_its_file(self, registry, tmp_path):
        script = tmp_path / "wave.py"
        script.write_text("print('wave')")
        registry.register(Shape("wave"), script)
        assert registry.get("wave") == Shape("wave")
        sha256 = hashlib.sha256(script.read_bytes()).hexdigest()
        assert registry.identify("wave") == PluginIdentity("wave", sha256=sha256)

    @pytest.mark.parametrize(
        "name", ["disc", "wave", "", "Wave", "a b", "wave\n", "\x1b[31m", "a" * 65]
    )
    def test_a_name_is_well_formed_and_taken_once(self, registry, name):
        registry.register(Shape("wave"), __file__)
        with pytest.raises(ValueError, match=r"is no name|registered already"):
            registry.register(Shape(name), __file__)
        assert registry.names() == ("disc", "square", "wave")

    def test_a_script_without_a_file_is_not_registered(self, registry, tmp_path):
        with pytest.raises(UnreadableFile):
            registry.register(Shape("wave"), tmp_path / "none.py")
        assert "wave" not in registry.names()


class TestInstalled:
    @pytest.fixture
    def registry(self):
        from types import SimpleNamespace

        built_in = (SimpleNamespace(name="disc"),)
        return PluginRegistry(PluginKind.CORRECTION, GROUP, SimpleNamespace, built_in)

    def test_listing_and_asking_import_nothing(self, registry, install):
        install("waves", "wave = shape_module_a:WAVE", "shape_module_a", make_code("wave"))
        assert registry.list_installed() == {"wave": PluginIdentity("wave", "waves", "1.5")}
        with pytest.raises(UnknownPlugin) as caught:
            registry.get("wave", Path("p.safetensors"))
        assert (caught.value.distribution, caught.value.path) == ("waves", Path("p.safetensors"))
        assert "wave" not in registry.names()
        assert "shape_module_a" not in sys.modules

    def test_a_named_plugin_is_imported_once(self, registry, install):
        install("waves", "wave = shape_module_b:WAVE", "shape_module_b", make_code("wave"))
        registry.load_installed("wave")
        plugin = registry.get("wave")
        registry.load_installed("wave")
        assert registry.get("wave") is plugin is sys.modules["shape_module_b"].WAVE
        assert registry.identify("wave") == PluginIdentity("wave", "waves", "1.5")

    def test_a_built_in_name_is_not_replaced(self, registry, install):
        install("discs", "disc = shape_module_c:WAVE", "shape_module_c", make_code("disc"))
        built_in = registry.get("disc")
        assert registry.list_installed() == {}
        assert registry.list_refused() == ("disc",)
        registry.load_installed("disc")
        assert registry.get("disc") is built_in
        assert "shape_module_c" not in sys.modules

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            (
                "raise RuntimeError('no\\x1b[31m luck\\nat all')",
                "RuntimeError: no?[31m luck?at all",
            ),
            (
                "import nothing_like_this",
                "ModuleNotFoundError: No module named 'nothing_like_this'",
            ),
            ("OTHER = 1", "AttributeError: module 'shape_module_d' has no attribute 'WAVE'"),
            ("WAVE = 7", "TypeError: shape_module_d:WAVE is not the correction wave"),
            (make_code("ripple"), "TypeError: shape_module_d:WAVE is not the correction wave"),
            ("this is no Python", "SyntaxError: "),
        ],
    )
    def test_one_that_fails_is_one_line(self, registry, install, code, reason):
        install("waves", "wave = shape_module_d:WAVE", "shape_module_d", code)
        with pytest.raises(UnusablePlugin) as caught:
            registry.load_installed("wave")
        assert caught.value.distribution == "waves"
        assert caught.value.reason.startswith(reason)
        assert caught.value.reason.isprintable()
        assert registry.names() == ("disc",)

    def test_names_that_no_registry_takes_are_not_offered(self, registry, install):
        offers = "Big Wave = shape_module_e:WAVE\nwave = shape_module_e:WAVE"
        install("waves", offers, "shape_module_e", make_code("wave"))
        assert list(registry.list_installed()) == ["wave"]

    def test_a_name_of_two_packages_is_nobodys(self, registry, install):
        install("waves", "wave = shape_module_f:WAVE", "shape_module_f", make_code("wave"))
        install("ripples", "wave = shape_module_g:WAVE", "shape_module_g", make_code("wave"))
        assert registry.list_installed() == {}
        with pytest.raises(UnknownPlugin):
            registry.load_installed("wave")

    def test_a_foreign_name_is_never_printed_raw(self, registry):
        with pytest.raises(UnknownPlugin) as caught:
            registry.get("\x1b]0;owned\x07" + "x" * 1000)
        assert caught.value.name.startswith("?]0;owned?x")
        assert len(caught.value.name) == 64
        with pytest.raises(UnknownPlugin) as caught:
            registry.load_installed("../../etc:passwd\n")
        assert caught.value.name == "../../etc:passwd?"


def test_printable_text_is_kept():
    assert make_printable("Größe 10 %") == "Größe 10 %"
