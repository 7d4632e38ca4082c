"""A report says what the machine is, and not whose."""

from __future__ import annotations

import getpass
import platform
import re
from pathlib import Path

import pytest

from app.support import diagnostics
from app.support.diagnostics import SystemInfo, format_bug_report, redact

NOWHERE = SystemInfo("offscreen", ("1920x1080 at 200 %",), ("auto", "cpu"), (), ())


@pytest.fixture
def anna(monkeypatch):
    """Whose machine it is."""
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    monkeypatch.setattr(platform, "node", lambda: "annas-laptop.example.org")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))


LINES = [
    "Cannot read /home/anna/My pictures/Wedding of Bob.jpg: no such file",
    "UnreadableFile(PosixPath('/home/anna/My pictures/Wedding of Bob.jpg'), 'No such file')",
    'File "/home/anna/code/Wedding.py", line 3, in open',
    r"C:\Users\anna\Pictures\Wedding of Bob.jpg",
    r"WindowsPath('C:\\Users\\anna\\Wedding of Bob.jpg')",
    r"\\server\anna\Wedding.png",
    "file:///home/anna/Wedding%20of%20Bob.jpg",
    "~/Wedding/of/Bob.tiff",
    "opened Wedding.JPG and Wedding.safetensors",
    "saved as (Wedding.webp)",
    'open("/srv/Bob\'s Wedding/1.jpg") failed',
    "KeyError: 'Wedding and Bob.jpg', or \"Bob's Wedding.PNG\"",
    "path=/srv/share/anna/Wedding, Bob and all.png; next",
    "user anna on annas-laptop.example.org (annas-laptop), ANNA, anna_2",
    "settings/results_folder = /home/anna/Results of Wedding",
    "prior: Wedding of Bob",
]


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("line", LINES)
def test_nothing_personal_is_left_of_a_line(line):
    known = [Path("/home/anna/My pictures/Wedding of Bob.jpg")]
    told = redact(f"before\n{line}\nafter", known)
    assert not re.search("anna|wedding|bob|laptop|pictures", told, re.IGNORECASE), told
    assert told.startswith("before\n")
    assert told.endswith("\nafter")


@pytest.mark.usefixtures("anna")
def test_what_mends_a_fault_is_left():
    trace = f'File "{Path(diagnostics.__file__)}", line 12, in report\n  3 / 4 steps at 1/2, 50 %'
    told = redact(trace)
    assert '"<program>/app/support/diagnostics.py", line 12, in report' in told
    assert "3 / 4 steps at 1/2, 50 %" in told


@pytest.mark.usefixtures("anna")
def test_a_report_says_what_the_machine_is_and_not_whose():
    private = (Path("/home/anna/Wedding.jpg"),)
    settings = (("window/folder", "/home/anna"), ("settings/device", "cpu"))
    facts = SystemInfo("xcb", ("800x600 at 100 %",), ("cuda, Card of Power",), settings, private)
    told = format_bug_report(
        facts, log="\n".join(LINES), crash_report="Fatal Python error: /home/anna/x.so"
    )
    assert not re.search("anna|wedding|laptop", told, re.IGNORECASE)
    for word in ("torch", "Python", "System: ", "Memory: ", "xcb", "800x600", "Card of Power"):
        assert word in told
    assert "settings/device = cpu" in told
    assert "Fatal Python error" in told


def test_this_machine_is_not_named_either():
    told = format_bug_report(NOWHERE, log=f"{Path.home() / 'a b.jpg'} {platform.node()}")
    assert str(Path.home()) not in told
    assert platform.node() not in told or len(platform.node()) < 2
