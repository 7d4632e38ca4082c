"""Files of a built program that are made from the program's own icon, name and version."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402
from PySide6.QtCore import QByteArray  # noqa: E402
from PySide6.QtGui import QGuiApplication, QImage, QPainter  # noqa: E402
from PySide6.QtSvg import QSvgRenderer  # noqa: E402

from app import BUNDLE_ID, COMMAND  # noqa: E402
from ddrm_core import PROGRAM_NAME, __version__  # noqa: E402

ICON = ROOT / "resources" / "desktop" / f"{BUNDLE_ID}.svg"
# Sizes of the icons of Windows and of the themes of Linux; those of macOS are powers of two.
SIZES = (16, 24, 32, 48, 64, 128, 256, 512, 1024)
ICO_SIZES = [(size, size) for size in SIZES if size <= 256]
PUBLISHER = "The DDRM Restore contributors"


def write_icons(folder: Path) -> Path:
    """Write the icon as PNG files, .ico and .icns to a folder in `folder`; return that folder."""
    target = folder / "icons"
    target.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = QGuiApplication.instance() or QGuiApplication([])
    renderer = QSvgRenderer(QByteArray(ICON.read_bytes()))
    if not renderer.isValid():
        raise SystemExit(f"{ICON} is not an SVG image that Qt reads")
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        renderer.render(painter)
        painter.end()
        if not image.save(str(target / f"{size}.png")):
            raise SystemExit(f"cannot write to {target}")
    del app
    largest = Image.open(target / f"{SIZES[-1]}.png")
    largest.save(target / "program.ico", sizes=ICO_SIZES)
    largest.save(target / "program.icns")
    return target


def write_version_file(folder: Path, name: str) -> str:
    """Write the version resource of a Windows executable; return the path of the file.

    Not yet run on Windows.
    """
    numbers = (*(int(part) for part in __version__.split(".")[:3]), 0)
    strings = {
        "CompanyName": PUBLISHER,
        "FileDescription": PROGRAM_NAME,
        "FileVersion": __version__,
        "InternalName": COMMAND,
        "LegalCopyright": f"{PUBLISHER}, Apache License 2.0",
        "OriginalFilename": f"{name}.exe",
        "ProductName": PROGRAM_NAME,
        "ProductVersion": __version__,
    }
    entries = ", ".join(f"StringStruct({key!r}, {value!r})" for key, value in strings.items())
    path = folder / f"{name}.version.txt"
    path.write_text(
        f"VSVersionInfo(ffi=FixedFileInfo(filevers={numbers}, prodvers={numbers}),"
        f" kids=[StringFileInfo([StringTable('040904B0', [{entries}])]),"
        " VarFileInfo([VarStruct('Translation', [1033, 1200])])])\n",
        encoding="utf-8",
    )
    return str(path)
