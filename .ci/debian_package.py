"""Pack the built program as a Debian package; prints the package's path.

The program lies in /usr/lib/ddrm-restore, as Debian's own packages of large programs do, and
/usr/bin has a link to it. apt installs the libraries of the desktop that the program needs.
"""

from __future__ import annotations

import gzip
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / ".ci")]

from bundle_files import PUBLISHER, SIZES  # noqa: E402

from app import BUNDLE_ID, COMMAND  # noqa: E402
from app.desktop.desktop_files import DESKTOP_FILES  # noqa: E402
from ddrm_core import __version__  # noqa: E402

WORK = ROOT / "build" / "bundle"
LARGEST_ICON = 512


def build_package() -> Path:
    """Return the path of a new package in build/bundle/packages."""
    root = WORK / "package"
    if root.exists():
        shutil.rmtree(root)
    install_program(root)
    install_desktop_files(root)
    install_documents(root)
    write_control_files(root)
    packages = WORK / "packages"
    packages.mkdir(exist_ok=True)
    path = packages / f"{COMMAND}_{__version__}_{read_architecture()}.deb"
    # zstd packs and unpacks several times as fast as xz, which makes it a tenth smaller.
    command = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", root, path]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return path


def install_program(root: Path) -> None:
    """Link the program's files into the package, so that they need no space twice."""
    shutil.copytree(
        WORK / "dist" / COMMAND,
        root / "usr" / "lib" / COMMAND,
        symlinks=True,
        copy_function=os.link,
    )
    binaries = root / "usr" / "bin"
    binaries.mkdir(parents=True)
    (binaries / COMMAND).symlink_to(f"../lib/{COMMAND}/{COMMAND}")


def install_desktop_files(root: Path) -> None:
    source_folder, data_folder = ROOT / "resources" / "desktop", root / "usr" / "share"
    for file in DESKTOP_FILES:
        if file.is_for_all_users:
            copy_file(source_folder / file.name, data_folder / file.installed_path)
    metadata = f"{BUNDLE_ID}.metainfo.xml"
    copy_file(source_folder / metadata, data_folder / "metainfo" / metadata)
    for size in SIZES:
        if size <= LARGEST_ICON:
            icons = f"usr/share/icons/hicolor/{size}x{size}/apps"
            copy_file(WORK / "icons" / f"{size}.png", root / icons / f"{BUNDLE_ID}.png")


def install_documents(root: Path) -> None:
    documents = root / "usr" / "share" / "doc" / COMMAND
    documents.mkdir(parents=True)
    notices = (WORK / "licenses" / "THIRD_PARTY.txt").read_text("utf-8")
    (documents / "copyright").write_text(
        f"{COMMAND} is licensed under the Apache License, Version 2.0, which is in\n"
        f"/usr/share/common-licenses/Apache-2.0.\n\n{notices}\n"
        f"The folder of the licenses is /usr/lib/{COMMAND}/_internal/resources/licenses.\n",
        encoding="utf-8",
    )
    changes = (ROOT / "CHANGELOG.md").read_bytes()
    (documents / "changelog.gz").write_bytes(gzip.compress(changes, mtime=0))


def write_control_files(root: Path) -> None:
    folder = root / "DEBIAN"
    folder.mkdir()
    files = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()]
    installed_kib = sum(path.stat().st_size for path in files) // 1024
    (folder / "control").write_text(
        f"Package: {COMMAND}\n"
        f"Version: {__version__}\n"
        f"Architecture: {read_architecture()}\n"
        f"Maintainer: {PUBLISHER}\n"
        f"Installed-Size: {installed_kib}\n"
        f"Depends: {', '.join(list_dependencies())}\n"
        # Downloads of priors verify the server's certificate.
        "Recommends: ca-certificates\n"
        "Section: graphics\n"
        "Priority: optional\n"
        "Description: remove JPEG artifacts with a diffusion prior\n"
        " Restores a plausible photograph from before the compression, and verifies that\n"
        " the file could have been made from the result. Window and command line.\n",
        encoding="utf-8",
    )


def list_dependencies() -> list[str]:
    """Return the packages that the program needs, and the version of the C library it asks for.

    Other libraries keep their names only while programs built with them run.
    """
    lines = (WORK / "debian_dependencies.txt").read_text().splitlines()
    packages = [tuple(line.split("=")) for line in lines]
    return [
        f"{name} (>= {version.partition('-')[0]})" if name == "libc6" else name
        for name, version in packages
    ]


def copy_file(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def read_architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


if __name__ == "__main__":
    print(build_package())
