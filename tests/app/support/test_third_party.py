"""Notices about the works of others."""

from __future__ import annotations

from importlib.metadata import version

from app.support.third_party import read_third_party_notices


def test_an_installation_names_the_packages_that_it_requires(tmp_path):
    lines = read_third_party_notices(tmp_path / "missing").splitlines()
    packages = {line.partition(" ")[0].lower(): line for line in lines}
    for name in ("torch", "numpy", "pillow"):
        assert packages[name].split(" ", 1)[1].startswith(f"{version(name)}: ")
    assert "LGPL" in packages["pyside6_essentials"]
    assert "pytest" not in packages


def test_a_built_program_shows_its_own_file(tmp_path):
    path = tmp_path / "THIRD_PARTY.txt"
    path.write_text("a part 1.0  MIT\n", "utf-8")
    assert read_third_party_notices(path) == "a part 1.0  MIT\n"
