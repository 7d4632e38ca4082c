"""External decoders: their commands, images and failures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.errors import InvalidSetting
from ddrm_core.evaluation.decoders import DecoderFailed, ExternalDecoder, parse_decoder, run_decoder
from tests.support.evaluation import PILLOW, python
from tests.support.pictures import photograph
from tests.support.polling import until


def has_ended(status: Path) -> bool:
    """Return whether a process has ended; `status` is the path of its /proc/.../stat.

    A zombie has ended as well.
    """
    try:
        return status.read_text().split()[2] == "Z"
    except OSError:
        return True


class TestDecoders:
    @pytest.fixture
    def jpeg(self, tmp_path) -> Path:
        Image.fromarray(photograph(31, 37)).save(tmp_path / "a b.jpg", quality=20)
        return tmp_path / "a b.jpg"

    def test_a_command_is_parsed_as_a_shell_would(self):
        found = parse_decoder(" my one = djpeg -x 'a b' -o={out} {in}", timeout_seconds=3.0)
        assert found == ExternalDecoder("my one", ("djpeg", "-x", "a b", "-o={out}", "{in}"), 3.0)

    @pytest.mark.parametrize(
        "text", ["", "x", "=a {in} {out}", "x=a {in}", "x=a {out}", "x={in} {out}", "x=a ' {in}"]
    )
    def test_what_is_no_command(self, text):
        with pytest.raises(InvalidSetting):
            parse_decoder(text, timeout_seconds=1.0)

    @pytest.mark.parametrize("kind", ["PNG", "PPM", "BMP", "TIFF"])
    def test_any_format_under_any_name(self, jpeg, kind):
        code = PILLOW.replace("argv[2]", f"argv[2], {kind!r}")
        with Image.open(jpeg) as image:
            expected = np.asarray(image)
        found = run_decoder(python("x", code), jpeg, photograph(31, 37))
        assert np.array_equal(found.pixels, expected)
        assert found.seconds > 0

    def test_grey_however_it_is_written(self, tmp_path):
        pixels = photograph(31, 37, grey=True)
        Image.fromarray(pixels).save(tmp_path / "a.jpg", quality=20)
        with Image.open(tmp_path / "a.jpg") as image:
            expected = np.asarray(image)
        for form in ("convert('L')", "convert('RGB')"):
            code = PILLOW.replace("])", f"]).{form}", 1)
            found = run_decoder(python("x", code), tmp_path / "a.jpg", pixels)
            assert np.array_equal(found.pixels, expected)

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("raise SystemExit('no\\nsuch thing')", "ended with status 1: such thing"),
            ("raise SystemExit(3)", "ended with status 3"),
            ("pass", "wrote no image"),
            (
                "import sys; open(sys.argv[2], 'w').write('text')",
                "no image of the expected size",
            ),
            (
                "import sys; open(sys.argv[2], 'w').write('P6 99999 99999 255 ')",
                "no image of",
            ),
            (
                "from PIL import Image; import sys; Image.new('RGB', (4, 5)).save(sys.argv[2])",
                "4x5",
            ),
            (
                "from PIL import Image; import sys; Image.new('L', (37, 31)).save(sys.argv[2])",
                "gray",
            ),
            (
                "from PIL import Image; import sys; Image.new('L', (999, 99)).save(sys.argv[2])",
                "no image of the expected size",
            ),
            ("import sys; open(sys.argv[1], 'w').close()", "wrote no image"),
            (
                "import sys; f = open(sys.argv[2], 'wb');"
                "f.write(b'P6 37 31 255 '); f.truncate(1 << 32)",
                "no image of the expected size",
            ),
        ],
    )
    def test_what_can_go_wrong(self, jpeg, code, reason):
        before = jpeg.read_bytes()
        with pytest.raises(DecoderFailed) as caught:
            run_decoder(python("x", code), jpeg, photograph(31, 37))
        assert reason in caught.value.reason
        assert jpeg.read_bytes() == before

    def test_one_that_never_ends_nor_what_it_started(self, jpeg, tmp_path):
        mark = tmp_path / "children"
        code = (
            "import subprocess, sys, time;"
            f"c = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)']);"
            f"open({str(mark)!r}, 'w').write(str(c.pid)); time.sleep(60)"
        )
        with pytest.raises(DecoderFailed) as caught:
            run_decoder(python("x", code, seconds=1.5), jpeg, photograph(31, 37))
        assert caught.value.reason == "took longer than 1.5 s"
        child = Path("/proc", mark.read_text(), "stat")
        until(lambda: has_ended(child))

    def test_one_that_is_not_there(self, jpeg):
        missing = ExternalDecoder("x", ("/no/such/program", "{in}", "{out}"), 1.0)
        with pytest.raises(DecoderFailed) as caught:
            run_decoder(missing, jpeg, photograph(31, 37))
        assert caught.value.reason == "did not start: no such file or directory"
