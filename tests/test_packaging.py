"""The wheel, the notices of the built program, and the Debian package."""

from __future__ import annotations

import importlib.util
import json
import shutil
import subprocess
import sys
from importlib.metadata import distribution, distributions
from zipfile import ZipFile

import piexif
import pytest

from app import BUNDLE_ID
from tests.support.paths import ROOT

PACKAGES = ("app", "ddrm_core", "resources")


@pytest.fixture
def load_script(monkeypatch):
    """Return a function that imports a script of the build by its name."""

    def load(name):
        spec = importlib.util.spec_from_file_location(name, ROOT / ".ci" / f"{name}.py")
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, name, module)
        spec.loader.exec_module(module)
        return module

    return load


def list_files(folder):
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(ROOT).as_posix() for path in files if "__pycache__" not in path.parts}


def test_the_wheel_has_each_file_of_the_program_and_no_other(tmp_path):
    for name in PACKAGES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    script = "import setuptools.build_meta as b; b.build_wheel('wheels')"
    subprocess.run([sys.executable, "-c", script], cwd=tmp_path, check=True, capture_output=True)
    (wheel,) = (tmp_path / "wheels").iterdir()
    with ZipFile(wheel) as archive:
        names = {name for name in archive.namelist() if ".dist-info/" not in name}
        (entry_points,) = (name for name in archive.namelist() if name.endswith("entry_points.txt"))
        scripts = archive.read(entry_points).decode()
    shared = {name for name in names if ".data/data/share/" in name}
    expected = set().union(*(list_files(ROOT / name) for name in PACKAGES))
    assert names - shared == expected
    assert {name.rpartition("/")[2] for name in shared} >= {
        f"{BUNDLE_ID}.{suffix}" for suffix in ("desktop", "metainfo.xml", "svg")
    }
    assert scripts.split() == ["[console_scripts]", "ddrm-restore", "=", "app.__main__:main"]


@pytest.mark.parametrize(
    ("license_name", "files", "is_permitted"),
    [
        ("MIT", [], True),
        ("Apache-2.0 OR GPL-3.0-only", [], True),
        ("BSD-3-Clause AND GPL-3.0-only", [], False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", [], True),
        ("GPL-3.0-or-later", ["a.so"], False),
        ("LGPL-3.0-only", ["a.so"], True),
        ("LGPL-3.0-only", [], False),
    ],
)
def test_a_license_that_forbids_the_program_ends_the_build(
    load_script, license_name, files, is_permitted
):
    third_party = load_script("third_party")
    part = third_party.Part("a part", "1", license_name, files=files)
    if is_permitted:
        assert third_party.check_license(part) is None
    else:
        with pytest.raises(SystemExit, match="a part is under"):
            third_party.check_license(part)


def test_python_of_a_distribution_is_known_among_its_other_libraries(load_script):
    third_party = load_script("third_party")
    folder = "/usr/lib/x86_64-linux-gnu"
    entries = [
        ("libpython3.11.so.1.0", f"{folder}/libpython3.11.so.1.0", "BINARY"),
        ("json", json.__file__, "PYMODULE"),
    ]
    (part,) = third_party.PartCollector([]).collect(entries)
    assert (part.name, part.license) == ("Python", "PSF-2.0")
    with pytest.raises(SystemExit, match="libother"):
        third_party.PartCollector([]).collect([("libother.so", f"{folder}/libother.so", "BINARY")])


def test_notices_name_each_part_and_the_files_of_the_lgpl(load_script, tmp_path):
    third_party = load_script("third_party")
    text = tmp_path / "LICENSE"
    text.write_text("terms")
    library = "PySide6/Qt/lib/libQt6Core.so.6"
    parts = [
        third_party.Part("Library", "6.11", "LGPL-3.0-only", files=[library]),
        third_party.Part("Package", "2.0", "MIT", [text]),
    ]
    third_party.write_notices(parts, tmp_path / "licenses")
    notices = (tmp_path / "licenses" / "THIRD_PARTY.txt").read_text("utf-8")
    for words in ("Library 6.11", "Package 2.0", "MIT", f"    {library}"):
        assert words in notices
    assert (tmp_path / "licenses" / "parts" / "Package" / "LICENSE").read_text() == "terms"


def test_a_file_without_a_known_owner_ends_the_build(load_script, tmp_path):
    third_party = load_script("third_party")
    stray = tmp_path / "stray.so"
    stray.touch()
    entries = [
        ("app", str(ROOT / "app" / "__init__.py"), "PYMODULE"),
        ("piexif", piexif.__file__, "PYMODULE"),
    ]
    collector = third_party.PartCollector([distribution("piexif")])
    (part,) = collector.collect(entries)
    assert (part.name, part.version, part.license) == ("piexif", piexif.VERSION, "MIT")
    with pytest.raises(SystemExit, match="stray"):
        collector.collect([("stray.so", str(stray), "BINARY")])


def test_installed_distributions_are_noticed_though_they_lie_in_the_build_folder(
    load_script, monkeypatch, tmp_path
):
    """The build installs the distributions in an environment within its own folder."""
    third_party = load_script("third_party")
    environment = tmp_path / "venv"
    monkeypatch.setattr(third_party, "WORK", tmp_path)
    monkeypatch.setattr(sys, "prefix", str(environment))
    packages = environment / "site-packages"
    metadata = packages / "waves-2.0.dist-info"
    metadata.mkdir(parents=True)
    module, made_by_build = packages / "waves.py", tmp_path / "work" / "base_library.zip"
    module.touch()
    (metadata / "METADATA").write_text("Name: waves\nVersion: 2.0\nLicense-Expression: MIT\n")
    (metadata / "RECORD").write_text("waves.py,,\n")
    entries = [
        ("waves", str(module), "PYMODULE"),
        ("base_library.zip", str(made_by_build), "DATA"),
    ]
    (part,) = third_party.PartCollector(distributions(path=[str(packages)])).collect(entries)
    assert (part.name, part.version, part.license) == ("waves", "2.0", "MIT")


def test_a_build_is_repeated_only_if_one_of_its_files_changes(load_script):
    load_script("launch")
    build = load_script("build")
    assert all((ROOT / name).is_file() for name in build.BUILD_FILES)
    assert build.find_changed_files(None) == list(build.BUILD_FILES)
