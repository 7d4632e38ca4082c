"""The desktop entry and the files that a desktop passes to the program."""

from __future__ import annotations

import shutil
import subprocess
import sys
from configparser import RawConfigParser
from xml.etree import ElementTree

import pytest

from app import BUNDLE_ID, COMMAND
from app.config.resources import APP_ICON_PATH
from ddrm_core import PROGRAM_NAME

FOLDER = APP_ICON_PATH.parent
ENTRY, METAINFO = FOLDER / f"{BUNDLE_ID}.desktop", FOLDER / f"{BUNDLE_ID}.metainfo.xml"


@pytest.fixture
def entry():
    parser = RawConfigParser(interpolation=None, strict=True)
    parser.optionxform = str
    parser.read(ENTRY, encoding="utf-8")
    assert parser.sections() == ["Desktop Entry"]
    return parser["Desktop Entry"]


def test_the_entry_opens_files_with_the_command(entry):
    assert entry["Exec"] == f"{COMMAND} open %F"
    assert (entry["Name"], entry["Icon"]) == (PROGRAM_NAME, BUNDLE_ID)
    assert APP_ICON_PATH.stem == BUNDLE_ID
    assert entry["Terminal"] == "false"


def test_entry_and_metainfo_tell_the_same(entry):
    root = ElementTree.parse(METAINFO).getroot()
    types = [kind.text for kind in root.iter("mediatype")]
    assert entry["MimeType"] == "".join(f"{kind};" for kind in types)
    assert "image/jpeg" in types
    assert root.findtext("id") == BUNDLE_ID
    assert root.findtext("launchable") == ENTRY.name
    assert root.findtext("provides/binary") == COMMAND


@pytest.mark.parametrize(
    "command",
    [
        ["desktop-file-validate", ENTRY],
        ["appstreamcli", "validate", "--no-net", METAINFO],
    ],
    ids=lambda command: command[0],
)
def test_they_are_valid(command):
    if shutil.which(command[0]) is None:
        pytest.skip(f"no {command[0]} here")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


HANDED = """
import os, sys
os.environ["QT_QPA_PLATFORM"] = "offscreen"
from PySide6.QtCore import QCoreApplication, QUrl
from PySide6.QtGui import QFileOpenEvent
from app.ui.window.application import Application

app = Application(["program"])
app.file_open_requested.connect(print)
for url in (QUrl.fromLocalFile(sys.argv[1]), QUrl("https://example.org/a.jpg")):
    QCoreApplication.sendEvent(app, QFileOpenEvent(url))
print(app.desktopFileName(), app.windowIcon().isNull())
"""


def test_a_file_that_macos_hands_over_is_wanted_and_an_address_is_not(tmp_path):
    path = tmp_path / "böld picture.jpg"
    command = [sys.executable, "-X", "utf8", "-c", HANDED, str(path)]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.splitlines() == [str(path), f"{BUNDLE_ID} False"]
