"""The process that reads levels: its output, and the state after its failures."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from app.i18n.error_messages import message_from_error
from ddrm_core.errors import DamagedJpeg, UnreadableFile
from ddrm_core.jpeg import read as coefficients
from ddrm_core.jpeg.libjpeg import WORKER_ARGUMENT
from ddrm_core.jpeg.libjpeg import worker as reader_process
from ddrm_core.jpeg.libjpeg.client import (
    LibjpegClient,
    LibjpegError,
    LibjpegUnavailable,
    build_worker_command,
    read_levels,
    write_levels,
)
from ddrm_core.jpeg.read import read_jpeg
from ddrm_core.jpeg.stream_layout import parse_stream_layout
from tests.support.paths import ROOT
from tests.support.pictures import KINDS, jpeg_bytes, photograph, pixels_of, write_jpeg
from tests.support.polling import until

linux = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks into /proc")


@pytest.fixture
def small() -> bytes:
    return jpeg_bytes(photograph(31, 37))


@pytest.fixture
def large() -> bytes:
    """Return a JPEG that takes libjpeg a fifth of a second."""
    return jpeg_bytes(np.tile(photograph(400, 400), (10, 10, 1)), quality=90)


@pytest.fixture
def note(tmp_path) -> Path:
    """Return the path of a file to which the worker process writes its process id."""
    return tmp_path / "process"


@pytest.fixture
def reader(note) -> Iterator[LibjpegClient]:
    reader = LibjpegClient(noting(note))
    yield reader
    reader.close()


def state(pid: int) -> str:
    """Return Linux's letter for the state of a process, "Z" if the process does not exist."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def noting(note: Path) -> list[str]:
    """Return the command of a worker process that first writes its process id to `note`."""
    code = "import os, sys\nwith open(sys.argv[1], 'w') as note: note.write(str(os.getpid()))\n"
    code += "os.execv(sys.argv[2], sys.argv[2:])"
    return [sys.executable, "-c", code, str(note), *build_worker_command()]


class TestLevelsWrittenBack:
    @pytest.mark.parametrize("progressive", [False, True])
    @pytest.mark.parametrize("kind", KINDS)
    def test_unchanged_they_show_the_same_picture(self, tmp_path, kind, progressive):
        path = tmp_path / "a.jpg"
        write_jpeg(path, pixels_of(kind, 31, 37), sampling=kind, progressive=progressive)
        written = write_levels(path.read_bytes(), read_levels(path.read_bytes()).levels)
        with Image.open(path) as before, Image.open(io.BytesIO(written)) as after:
            assert after.mode == before.mode
            assert np.array_equal(np.asarray(after), np.asarray(before))

    @pytest.mark.parametrize("kind", KINDS)
    def test_changed_they_are_read_again(self, tmp_path, kind):
        path = write_jpeg(tmp_path / "a.jpg", pixels_of(kind, 31, 37), sampling=kind)
        rng = np.random.default_rng(0)
        before = read_levels(path.read_bytes())
        levels = [rng.integers(-1000, 1000, k.shape, np.int16) for k in before.levels]
        after = read_levels(write_levels(path.read_bytes(), levels))
        assert after.warnings == ()
        assert all(map(np.array_equal, after.levels, levels))
        assert all(map(np.array_equal, after.quantization_tables, before.quantization_tables))

    def test_a_usual_file_comes_back_with_tables_of_the_same_numbers(self):
        """At QF 100 both tables are equal, and the file still has both."""
        for quality in (50, 100):
            data = jpeg_bytes(photograph(31, 37), quality=quality, optimize=True)
            assert write_levels(data, read_levels(data).levels) == data

    def test_levels_of_another_shape_are_refused(self, small):
        with pytest.raises(ValueError, match="shape"):
            write_levels(small, read_levels(small).levels[:1])


class TestMisfortunes:
    """If the worker process fails, one file is not read; a new process reads the next file."""

    SCRIPT = """
import os, signal, sys, time
sys.path.insert(0, {root!r})
from ddrm_core.jpeg.libjpeg.worker import GREETING, receive_header, send_message
if os.path.exists({mark!r}):
    os.execv(sys.executable, {command!r})
open({mark!r}, "w").close()
send_message(sys.stdout.buffer, {{"hello": GREETING}}, [])
receive_header(sys.stdin.buffer)
try:
    {deed}
except NameError as error:
    with open({mark!r}, "w") as mark:
        mark.write(str(error))
"""
    DEEDS = {  # noqa: RUF012
        "crash": "os.kill(os.getpid(), signal.SIGSEGV)",
        "exit": "os._exit(0)",
        "hang": "time.sleep(1000)",
        "flood": "while True: sys.stdout.buffer.write(b'corrupt!' * 9999)",
        "part": "sys.stdout.buffer.write(b'\\0\\0\\0\\9{')",
        "other document": "send_message(sys.stdout.buffer, {'ok': True}, [])",
        "other sizes": (
            "send_message(sys.stdout.buffer, {'ok': True, 'complaints': []}, [b'a'] * 6)"
        ),
    }

    @pytest.mark.parametrize("deed", DEEDS)
    def test_the_file_is_called_damaged_and_the_next_is_read(self, tmp_path, monkeypatch, deed):
        script = self.SCRIPT.format(
            root=str(ROOT),
            mark=str(tmp_path / "mark"),
            command=build_worker_command(),
            deed=self.DEEDS[deed],
        )
        start = [sys.executable, "-c", script]
        reader = LibjpegClient(start, timeout_seconds=0.5 if deed == "hang" else 60.0)
        monkeypatch.setattr(coefficients, "read_levels", reader.read)
        path = write_jpeg(tmp_path / "a.jpg", photograph(31, 37))
        with pytest.raises(DamagedJpeg) as error:
            read_jpeg(path)
        assert error.value.damage == "its data does not decode"
        assert (tmp_path / "mark").read_text() == ""
        assert read_jpeg(path).size == (37, 31)
        reader.close()

    @linux
    @pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
    def test_killed_in_mid_work(self, reader, note, small, large, number):
        expected = reader.read(small)
        pid = int(note.read_text())
        with ThreadPoolExecutor(1) as pool:
            work = pool.submit(lambda: [reader.read(large) for _ in range(40)])
            until(lambda: state(pid) == "R" or work.done())
            os.kill(pid, number)
            with pytest.raises(LibjpegError):
                work.result()
        again = reader.read(small)
        assert int(note.read_text()) != pid
        assert all(map(np.array_equal, again.levels, expected.levels))

    @linux
    @pytest.mark.parametrize("at_work", [False, True])
    def test_it_does_not_outlive_a_killed_program(self, tmp_path, note, small, large, at_work):
        """If the program is killed, the worker process ends and leaves no temporary file."""
        (tmp_path / "small.jpg").write_bytes(small)
        (tmp_path / "large.jpg").write_bytes(large)
        (temporary := tmp_path / "temporary").mkdir()
        code = f"""
import pathlib, sys
sys.path.insert(0, {str(ROOT)!r})
from ddrm_core.jpeg.libjpeg.client import LibjpegClient
reader = LibjpegClient({noting(note)!r})
small, large = [pathlib.Path({str(tmp_path)!r}, n).read_bytes() for n in ("small.jpg", "large.jpg")]
reader.read(small)
print("ready", flush=True)
while {at_work}: reader.read(large)
sys.stdin.read()
"""
        with subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(temporary)},
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline()
            pid = int(note.read_text())
            if at_work:
                until(lambda: state(pid) == "R")
            program.kill()
        until(lambda: state(pid) == "Z")
        assert list(temporary.iterdir()) == []

    @linux
    def test_files_that_fail_use_nothing_up(self, reader, note, small):
        bad = small.replace(b"\xff\xc4\0", b"\xff\xc4\1", 1)
        for _ in range(120):
            with pytest.raises(LibjpegError):
                reader.read(bad)
        assert len(list(Path(f"/proc/{int(note.read_text())}/fd").iterdir())) < 20
        assert reader.read(small).warnings == ()

    def test_where_it_cannot_start_nothing_is_said_about_the_file(self, tmp_path, monkeypatch):
        path = write_jpeg(tmp_path / "a.jpg", photograph(8, 8))
        for start in (["/nowhere"], [sys.executable, "-c", "0"], [sys.executable, "--version"]):
            reader = LibjpegClient(start)
            with pytest.raises(LibjpegUnavailable):
                reader.read(path.read_bytes())
            monkeypatch.setattr(coefficients, "read_levels", reader.read)
            with pytest.raises(UnreadableFile):
                read_jpeg(path)

    def test_the_error_of_a_start_that_failed_is_told(self, tmp_path, monkeypatch):
        path = write_jpeg(tmp_path / "a.jpg", photograph(8, 8))
        script = "import sys; sys.exit('first line\\nno libjpeg here')"
        reader = LibjpegClient([sys.executable, "-c", script])
        monkeypatch.setattr(coefficients, "read_levels", reader.read)
        with pytest.raises(UnreadableFile) as caught:
            read_jpeg(path)
        message = message_from_error(caught.value)
        told = "the JPEG reader did not start, it ended at once with the message: no libjpeg here"
        assert message.title.endswith(told)
        assert message.advice.startswith("Install the program again")


def test_threads_get_what_they_asked_for(reader):
    pictures = [jpeg_bytes(photograph(16, 8 * n)) for n in range(1, 9)]
    with ThreadPoolExecutor(4) as pool:
        readings = list(pool.map(reader.read, pictures * 5))
    assert [r.levels[0].shape for r in readings] == [(2, n, 8, 8) for n in range(1, 9)] * 5


def test_a_closed_reader_starts_again(reader, small):
    reader.read(small)
    reader.close()
    assert reader.read(small).warnings == ()


def test_a_frozen_program_starts_itself(monkeypatch, small):
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert build_worker_command() == [sys.executable, WORKER_ARGUMENT]
    monkeypatch.chdir(ROOT)
    reader = LibjpegClient([sys.executable, "-m", "app", WORKER_ARGUMENT])
    assert reader.read(small).warnings == ()
    reader.close()


def test_importing_it_loads_nothing_heavy():
    """Importing the worker's module loads neither jpeglib nor torch, Pillow or the program."""
    code = f"import runpy, sys; runpy.run_path({reader_process.__file__!r}); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, check=True)
    loaded = done.stdout.decode().split()
    assert "numpy" in loaded
    assert not {"torch", "jpeglib", "PIL", "app", "ddrm_core"} & set(loaded)


def test_more_markers_than_jpeglib_has_room_for(small):
    """A JPEG with hundreds of segments, more than jpeglib can store, is read.

    Large profiles and depth maps are stored as many segments.
    """
    many = small[:2] + b"".join(b"\xff\xe2\0\6%4d" % n for n in range(400)) + small[2:]
    assert all(map(np.array_equal, read_levels(many).levels, read_levels(small).levels))


def test_more_segments_than_any_picture_needs_are_not_walked(small):
    few, many = (small[:2] + b"\xff\xe5\0\2" * n + small[2:] for n in (1_000, 100_000))
    assert parse_stream_layout(few).frame == parse_stream_layout(small).frame
    with pytest.raises(ValueError, match="no picture"):
        parse_stream_layout(many)


def test_fill_bytes_and_stray_markers_before_a_segment_change_nothing(small):
    strays = b"\xff" * 50_000 + b"\xff\xd0\xff\x01 stray \xff\0"
    odd = small[:20] + strays + small[20:]
    ours, theirs = (
        b"".join(parse_stream_layout(data).without_metadata(data)) for data in (odd, small)
    )
    assert ours == theirs
    assert all(map(np.array_equal, read_levels(odd).levels, read_levels(small).levels))


def test_an_odd_segment_does_not_hide_damage(small):
    """Damage of a JPEG is reported even if libjpeg warns of an unknown color transform first."""
    odd = b"\xff\xee\0\x0eAdobe\0\x64\0\0\0\0\7"
    assert read_levels(small[:2] + odd + small[20:-60] + b"\xff\xd9").warnings != ()
    assert read_levels(small[:2] + odd + small[20:]).warnings == ()
