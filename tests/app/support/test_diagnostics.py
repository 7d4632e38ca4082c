"""A bug report describes the machine without identifying its user."""

from __future__ import annotations

import errno
import getpass
import importlib.metadata
import os
import platform
import re
from pathlib import Path

import pytest

from app.support import diagnostics
from app.support.diagnostics import SystemInfo, format_bug_report, redact, write_bug_report
from ddrm_core.errors import DamagedJpeg, InvalidPrior, UnwritableOutput
from ddrm_core.jpeg.reasons import DamageReason
from ddrm_core.os_errors import SystemFailure
from ddrm_core.prior.reasons import PriorDefect

NOWHERE = SystemInfo("offscreen", ("1920x1080 at 200 %",), ("auto", "cpu"), (), ())


@pytest.fixture
def anna(monkeypatch):
    """Pretend that the user anna runs the program on annas-laptop, with a home folder."""
    monkeypatch.setattr(getpass, "getuser", lambda: "anna")
    monkeypatch.setattr(platform, "node", lambda: "annas-laptop.example.org")
    monkeypatch.setattr(Path, "home", lambda: Path("/home/anna"))


LINES = [
    "Cannot read /home/anna/My pictures/Wedding of Bob.jpg: no such file",
    "UnreadableFile(PosixPath('/home/anna/My pictures/Wedding of Bob.jpg'), 'No such file')",
    str(InvalidPrior(Path("/home/anna/Wedding of Bob.safetensors"), PriorDefect.WEIGHTS)),
    str(DamagedJpeg(Path("/home/anna/Wedding of Bob.jpg"), DamageReason.NO_IMAGE)),
    repr(UnwritableOutput(Path("/home/anna/Wedding of Bob.png"), SystemFailure.ENOSPC)),
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


class TestFile:
    @pytest.fixture
    def log_folder(self, tmp_path):
        """Return a folder with a log of 1,000 numbered lines, each with a path in anna's home."""
        folder = tmp_path / "log"
        folder.mkdir()
        lines = (
            f"line{number:04}: opened /home/anna/Wedding {number}.jpg" for number in range(1000)
        )
        (folder / "window.log").write_text("\n".join(lines), "utf-8")
        return folder

    @pytest.fixture
    def report_path(self, tmp_path):
        """Return the path of an older bug report, which exists."""
        path = tmp_path / "reports" / "report.txt"
        path.parent.mkdir()
        path.write_text("of another day")
        return path

    @pytest.mark.usefixtures("anna")
    def test_a_report_replaces_an_older_one_and_holds_the_end_of_the_log(
        self, report_path, log_folder
    ):
        crash_report = "Fatal Python error: Größe 火 in /home/anna/x.so"
        written = write_bug_report(
            report_path, NOWHERE, log_folder=log_folder, crash_report=crash_report
        )
        assert written == report_path
        text = report_path.read_text("utf-8")
        assert re.findall(r"line(\d{4})", text) == [f"{number:04}" for number in range(700, 1000)]
        assert "Fatal Python error: Größe 火" in text
        assert not re.search("another day|anna|wedding|laptop", text, re.IGNORECASE)

    def test_a_disk_that_fills_up_leaves_the_older_report(
        self, report_path, log_folder, monkeypatch
    ):
        def write_half(path, data):
            with path.open("wb") as file:
                file.write(data[: len(data) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        monkeypatch.setattr(Path, "write_bytes", write_half)
        with pytest.raises(UnwritableOutput) as error:
            write_bug_report(report_path, NOWHERE, log_folder=log_folder, crash_report="")
        assert (error.value.path, error.value.reason) == (report_path, SystemFailure.ENOSPC)
        assert [path.name for path in report_path.parent.iterdir()] == ["report.txt"]
        assert report_path.read_text() == "of another day"


class TestMachine:
    """Tests of reports on systems that do not provide all facts."""

    def test_a_package_without_metadata(self, monkeypatch):
        version_of = importlib.metadata.version

        def version(name):
            if name == "pillow":
                raise importlib.metadata.PackageNotFoundError(name)
            return version_of(name)

        monkeypatch.setattr(importlib.metadata, "version", version)
        lines = format_bug_report(NOWHERE, log="").splitlines()
        assert "pillow unknown" in lines
        assert f"torch {version_of('torch')}" in lines

    @pytest.mark.parametrize(
        ("cpu_info", "system_name", "expected"),
        [
            (
                "processor\t: 0\nmodel name\t: Fast CPU @ 3 GHz\nflags\t: fpu",
                "x",
                "Fast CPU @ 3 GHz",
            ),
            ("processor\t: 0\nCPU implementer\t: 0x41", "x", "armv9"),
            (None, "Fast64 Family 6", "Fast64 Family 6"),
            (None, "", "armv9"),
        ],
        ids=["Linux", "Linux on ARM", "Windows", "neither"],
    )
    def test_a_processor_has_the_name_that_the_system_knows(
        self, monkeypatch, cpu_info, system_name, expected
    ):
        read_other = Path.read_text

        def read_text(path, *arguments, **options):
            if path != Path("/proc/cpuinfo"):
                return read_other(path, *arguments, **options)
            if cpu_info is None:
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
            return cpu_info

        monkeypatch.setattr(Path, "read_text", read_text)
        monkeypatch.setattr(platform, "processor", lambda: system_name)
        monkeypatch.setattr(platform, "machine", lambda: "armv9")
        lines = format_bug_report(NOWHERE, log="").splitlines()
        (line,) = (each for each in lines if each.startswith("Processor: "))
        assert line.startswith(f"Processor: {expected}, ")
