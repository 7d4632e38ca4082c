"""The evaluation: what is compressed, how it is decoded, what is counted, and what goes wrong."""

from __future__ import annotations

import io
import json
import sys
from dataclasses import replace
from math import inf
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import torch
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import (
    Cancelled,
    InvalidSetting,
    NotAPicture,
    UnreadableFile,
)
from ddrm_core.evaluation.compression import compress, compress_with_surrogate
from ddrm_core.evaluation.decoders import Decoder, DecoderFailed, decode_with, parse_decoder
from ddrm_core.evaluation.evaluate import Failed, Sampling, Scored, evaluate
from ddrm_core.evaluation.originals import original
from ddrm_core.evaluation.plan import Plan, Restoring, entries, lossless_images
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.evaluation.rows import Row, append, document, mend, read_rows
from ddrm_core.evaluation.statistics import mean_with_interval, student_t, summaries
from ddrm_core.formats.unsupported import UnsupportedFormat
from ddrm_core.jpeg.dct import basis_images, block_dct
from ddrm_core.jpeg.libjpeg.client import ReaderFailed, read_levels
from ddrm_core.metrics.lpips import Lpips
from ddrm_core.metrics.psnr import psnr
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.denoiser import Prior
from ddrm_core.problems.ddrm_paper import error_of_every_second, surrogate_problem
from ddrm_core.problems.protocols import Part, Problem
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import capture
from ddrm_core.sampler.settings import CorrectionKind, SamplerSettings
from tests.support.pictures import photograph
from tests.support.polling import until
from tests.support.small_priors import random_tensors, write_prior

CPU = torch.device("cpu")
SMALL = SamplerSettings(steps=2, samples=2)
WHOLE, PAPER = Protocol.WHOLE, Protocol.PAPER256
LIBJPEG, SURROGATE = OperatorKind.LIBJPEG, OperatorKind.SURROGATE
PILLOW = "from PIL import Image; import sys; Image.open(sys.argv[1]).save(sys.argv[2])"


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Prior:
    path = tmp_path_factory.mktemp("prior") / "tiny.safetensors"
    tensors = random_tensors()
    tensors["tail.weight"] *= 0.1
    return load_prior(write_prior(path, tensors=tensors), CPU, precision=torch.float32)


def saved(folder: Path, name: str, pixels: np.ndarray) -> Path:
    Image.fromarray(pixels).save(folder / name)
    return folder / name


@pytest.fixture
def folder(tmp_path) -> Path:
    """Two pictures of odd sizes, one of them grey."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    saved(pictures, "a.png", photograph(31, 37))
    saved(pictures, "b.png", photograph(40, 33, grey=True))
    return pictures


def plan_of(folder: Path, prior: Prior, **changes) -> Plan:
    plan = Plan(
        images=lossless_images(folder),
        qualities=(10, 50),
        restorings=(Restoring("small", prior, SMALL),),
        decoders=(),
        protocol=WHOLE,
        operator=LIBJPEG,
        seed=0,
        lpips=None,
    )
    return replace(plan, **changes)


def drained(plan: Plan, wanted=lambda _: True):
    return list(evaluate(plan, wanted, CancelToken()))


def rows_of(plan: Plan) -> list[Row]:
    return [e.row for e in drained(plan) if isinstance(e, Scored)]


def has_ended(status: Path) -> bool:
    """Whether a killed process is gone, or waits only to be asked how it ended."""
    try:
        return status.read_text().split()[2] == "Z"
    except OSError:
        return True


def python(name: str, code: str, *, seconds: float = 60.0) -> Decoder:
    return Decoder(name, (sys.executable, "-c", code, "{in}", "{out}"), seconds)


def triangle_weights(inputs: int, outputs: int) -> np.ndarray:
    """Rows of a resize by a triangle as wide as two inputs, or two outputs if that is more."""
    reach = max(inputs / outputs, 1)
    centres = (np.arange(outputs)[:, None] + 0.5) * inputs / outputs
    weights = np.maximum(0, 1 - np.abs(np.arange(inputs) + 0.5 - centres) / reach)
    return weights / weights.sum(1, keepdims=True)


class TestOriginals:
    def test_whole_pictures_are_as_stored(self, tmp_path):
        for grey in (False, True):
            pixels = photograph(31, 37, grey=grey)
            path = saved(tmp_path, "a.png", pixels)
            assert np.array_equal(original(path, WHOLE, LIBJPEG), pixels)

    @pytest.mark.parametrize("size", [(300, 420), (421, 300), (64, 100)])
    def test_the_papers_squares_against_a_triangle_filter(self, tmp_path, size):
        pixels = photograph(*size)
        side, found = min(size), original(saved(tmp_path, "a.png", pixels), PAPER, LIBJPEG)
        top, left = ((length - side) // 2 for length in size)
        square = pixels[top : top + side, left : left + side].astype(float)
        weights = triangle_weights(side, 256)
        expected = np.einsum("yr,rcn,xc->yxn", weights, square, weights, optimize=True)
        # Pillow rounds between rows and columns.
        assert np.abs(found - expected).max() <= 1.05

    def test_the_surrogate_gets_colour_in_multiples_of_16(self, tmp_path):
        pixels = photograph(50, 37, grey=True)
        found = original(saved(tmp_path, "a.png", pixels), WHOLE, SURROGATE)
        assert np.array_equal(found, np.dstack([pixels[1:49, 2:34]] * 3))

    def test_ink_and_next_to_nothing_are_refused(self, tmp_path):
        ink = Image.fromarray(np.dstack([photograph(20, 20)] * 2)[:, :, :4].copy(), "CMYK")
        ink.save(tmp_path / "ink.tif")
        with pytest.raises(NotAPicture):
            original(tmp_path / "ink.tif", WHOLE, LIBJPEG)
        with pytest.raises(NotAPicture):
            original(saved(tmp_path, "a.png", photograph(15, 40)), WHOLE, SURROGATE)

    def test_a_side_longer_than_a_jpegs_is_refused(self, tmp_path):
        path = saved(tmp_path, "a.png", np.zeros((1, 65_501), np.uint8))
        with pytest.raises(UnsupportedFormat):
            original(path, WHOLE, LIBJPEG)
        assert original(path, PAPER, LIBJPEG).shape == (256, 256, 3)


class TestCompression:
    @pytest.mark.parametrize("grey", [False, True])
    def test_it_is_the_file_that_pillow_writes(self, tmp_path, grey):
        pixels = photograph(31, 37, grey=grey)
        found = compress(pixels, 30, tmp_path / "a.jpg", CPU)
        buffer = io.BytesIO()
        options = {} if grey else {"subsampling": "4:2:0"}
        Image.fromarray(pixels).save(buffer, "JPEG", quality=30, **options)
        assert (tmp_path / "a.jpg").read_bytes() == buffer.getvalue()
        with Image.open(buffer) as image:
            assert np.array_equal(found.decoded, np.asarray(image))
        assert found.bits_per_pixel == 8 * len(buffer.getvalue()) / (31 * 37)
        assert found.problem.image.size == (37, 31)

    def test_the_surrogate_has_a_rate_at_the_ends_of_the_scale(self, tmp_path):
        noise = np.random.default_rng(1).integers(0, 2, (32, 32, 3), np.uint8) * np.uint8(255)
        rates = [
            compress_with_surrogate(noise, quality, tmp_path / "a.png", CPU).bits_per_pixel
            for quality in (1, 100)
        ]
        assert rates[1] > 4 * rates[0]

    @pytest.mark.parametrize("quality", [5, 30, 90])
    def test_the_surrogates_rate_is_of_a_file_with_its_levels(self, tmp_path, quality):
        pixels = photograph(48, 64)
        found = compress_with_surrogate(pixels, quality, tmp_path / "a.png", CPU)
        real = compress(pixels, quality, tmp_path / "a.jpg", CPU)
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "JPEG", quality=quality, subsampling=2, optimize=True)
        bits = 8 * len(buffer.getvalue()) / (48 * 64)
        assert found.bits_per_pixel == pytest.approx(bits, rel=0.1)
        assert psnr(found.decoded, pixels) == pytest.approx(psnr(real.decoded, pixels), abs=2)
        levels = read_levels((tmp_path / "a.jpg").read_bytes()).levels
        for ours, theirs in zip(found.problem.levels, levels, strict=True):
            blocks = ours[0].permute(1, 2, 0).reshape(theirs.shape).numpy()
            assert np.mean(blocks == theirs) > 0.8


class TestSurrogateProblem:
    @pytest.mark.parametrize("correction", CorrectionKind)
    def test_a_run_on_it(self, tiny, correction):
        problem = surrogate_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        assert isinstance(problem, Problem)
        assert isinstance(problem.part(problem.canvas), Part)
        settings = replace(SMALL, correction=correction)
        steps = restore(capture(problem, tiny, settings, seed=1), CancelToken())
        try:
            while True:
                next(steps)
        except StopIteration as end:
            result = end.value
        assert result.picture.shape == result.spread.shape == (3, 32, 48)
        assert (result.consistency.inside == 1.0) == (correction is CorrectionKind.BINS)
        checked = problem.verify(result.picture)
        assert checked.consistency.inside == pytest.approx(result.consistency.inside, abs=1e-3)

    def test_what_is_decoded_agrees_and_what_is_moved_does_not(self):
        problem = surrogate_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        part = problem.part(problem.canvas)
        assert part.consistency(part.decoded, problem.canvas).exact == 1.0
        change = tuple(torch.zeros_like(k) for k in problem.levels)
        change[2][0, 9, 1, 2] = 0.6
        moved = part.shown(problem.operator.shift(part.decoded, change), problem.canvas)
        found = problem.verify(moved)
        step = float(problem.operator.steps[1][9])
        worst = found.consistency.worst
        assert (worst.component, worst.left, worst.top) == ("Cr", 32, 16)
        assert worst.distance == pytest.approx(0.1 * step, abs=0.005)
        total = sum(k.numel() for k in problem.levels)
        assert found.consistency.inside == pytest.approx((total - 1) / total, abs=1e-12)
        assert found.map.shape == (4, 6)
        outside = {tuple(p) for p in (found.map > 0.01).nonzero().tolist()}
        assert outside == {(2, 4), (2, 5), (3, 4), (3, 5)}

    def test_the_error_of_every_second_sample(self, rng):
        """Of smoothed noise, measured on both planes."""
        field = torch.randn(1, 1, 1026, 1026, generator=rng)
        weights = torch.tensor([0.25, 0.5, 0.25])
        kernel = torch.outer(weights, weights)[None, None]
        plane = torch.nn.functional.conv2d(field, kernel)
        full, half = (
            block_dct(p, basis_images()).square().mean((0, 2, 3)).sqrt()
            for p in (plane, plane[:, :, ::2, ::2])
        )
        expected = error_of_every_second(full)
        torch.testing.assert_close(expected, half, rtol=0.15, atol=0)
        white = torch.full((64,), 3.0)
        torch.testing.assert_close(error_of_every_second(white), white)

    def test_errors_are_in_steps_of_each_component(self):
        problem = surrogate_problem(Path("a.png"), photograph(32, 48), 20, CPU)
        flat = torch.full((3, 64), 4.0)
        errors = problem.part(problem.canvas).expected_errors(flat, 0.1)
        assert [e.shape for e in errors] == [(64, 1, 1)] * 3
        in_grey = errors[0] * problem.operator.steps[0]
        assert in_grey.min() == pytest.approx(float(in_grey.max()))
        assert 4 < float(in_grey[0, 0, 0]) < 12.75


class TestDecoders:
    @pytest.fixture
    def jpeg(self, tmp_path) -> Path:
        Image.fromarray(photograph(31, 37)).save(tmp_path / "a b.jpg", quality=20)
        return tmp_path / "a b.jpg"

    def test_a_command_is_parsed_as_a_shell_would(self):
        found = parse_decoder(" my one = djpeg -x 'a b' -o={out} {in}", seconds=3.0)
        assert found == Decoder("my one", ("djpeg", "-x", "a b", "-o={out}", "{in}"), 3.0)

    @pytest.mark.parametrize(
        "text", ["", "x", "=a {in} {out}", "x=a {in}", "x=a {out}", "x={in} {out}", "x=a ' {in}"]
    )
    def test_what_is_no_command(self, text):
        with pytest.raises(InvalidSetting):
            parse_decoder(text, seconds=1.0)

    @pytest.mark.parametrize("kind", ["PNG", "PPM", "BMP", "TIFF"])
    def test_any_format_under_any_name(self, jpeg, kind):
        code = PILLOW.replace("argv[2]", f"argv[2], {kind!r}")
        with Image.open(jpeg) as image:
            expected = np.asarray(image)
        found = decode_with(python("x", code), jpeg, photograph(31, 37))
        assert np.array_equal(found.pixels, expected)
        assert found.seconds > 0

    def test_grey_however_it_is_written(self, tmp_path):
        pixels = photograph(31, 37, grey=True)
        Image.fromarray(pixels).save(tmp_path / "a.jpg", quality=20)
        with Image.open(tmp_path / "a.jpg") as image:
            expected = np.asarray(image)
        for form in ("convert('L')", "convert('RGB')"):
            code = PILLOW.replace("])", f"]).{form}", 1)
            found = decode_with(python("x", code), tmp_path / "a.jpg", pixels)
            assert np.array_equal(found.pixels, expected)

    @pytest.mark.parametrize(
        ("code", "reason"),
        [
            ("raise SystemExit('no\\nsuch thing')", "ended with status 1: such thing"),
            ("raise SystemExit(3)", "ended with status 3"),
            ("pass", "wrote no picture"),
            ("import sys; open(sys.argv[2], 'w').write('text')", "no picture of that size"),
            ("import sys; open(sys.argv[2], 'w').write('P6 99999 99999 255 ')", "no picture of"),
            (
                "from PIL import Image; import sys; Image.new('RGB', (4, 5)).save(sys.argv[2])",
                "4x5",
            ),
            (
                "from PIL import Image; import sys; Image.new('L', (37, 31)).save(sys.argv[2])",
                "grey",
            ),
            (
                "from PIL import Image; import sys; Image.new('L', (999, 99)).save(sys.argv[2])",
                "no picture of that size",
            ),
            ("import sys; open(sys.argv[1], 'w').close()", "wrote no picture"),
            (
                "import sys; f = open(sys.argv[2], 'wb');"
                "f.write(b'P6 37 31 255 '); f.truncate(1 << 32)",
                "no picture of that size",
            ),
        ],
    )
    def test_what_can_go_wrong(self, jpeg, code, reason):
        before = jpeg.read_bytes()
        with pytest.raises(DecoderFailed) as caught:
            decode_with(python("x", code), jpeg, photograph(31, 37))
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
            decode_with(python("x", code, seconds=1.5), jpeg, photograph(31, 37))
        assert caught.value.reason == "took longer than 1.5 s"
        child = Path("/proc", mark.read_text(), "stat")
        until(lambda: has_ended(child))

    def test_one_that_is_not_there(self, jpeg):
        missing = Decoder("x", ("/no/such/program", "{in}", "{out}"), 1.0)
        with pytest.raises(DecoderFailed) as caught:
            decode_with(missing, jpeg, photograph(31, 37))
        assert caught.value.reason == "did not start: no such file or directory"


ROW = Row("k", "a.png", 10, "JPEG", 3, 4, 0.5, 0.1, inf, None, 30.0, None, 1.0, None)


class TestRows:
    def test_they_come_back_as_they_went(self, tmp_path):
        rows = [ROW, replace(ROW, key="l", psnr=31.25, ssim=0.5, lpips=0.25, image="ü\n.png")]
        for row in rows:
            append(tmp_path / "rows", [row])
        assert read_rows(tmp_path / "rows") == tuple(rows)
        assert read_rows(tmp_path / "none") == ()

    @pytest.mark.parametrize("kept", [0, 1, 20, -2, -1])
    def test_a_line_that_was_cut_off_costs_itself_only(self, tmp_path, kept):
        path = tmp_path / "rows"
        append(path, [ROW])
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:kept])
        mend(path)
        append(path, [replace(ROW, key="l")])
        assert [row.key for row in read_rows(path)] == ["k", "l"]

    def test_what_is_no_row_is_passed_over(self, tmp_path):
        good = document(ROW)
        bad = [
            {**good, "psnr": "high"}, {**good, "quality": 1.5}, {**good, "psnr": None},
            {**good, "more": 1}, {**good, "key": 3}, {**good, "width": True}, [], 3, None,
        ]  # fmt: skip
        lines = [json.dumps(b).encode() for b in bad]
        lines += [b"", b"\xff\xfe", b"[" * 5000, b'{"key":', json.dumps(good).encode()]
        (tmp_path / "rows").write_bytes(b"\n".join(lines))
        assert read_rows(tmp_path / "rows") == (ROW,)

    def test_a_folder_in_its_place(self, tmp_path):
        with pytest.raises(UnreadableFile):
            read_rows(tmp_path)


class TestStatistics:
    @pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 28, 999])
    def test_students_t(self, freedom):
        expected = scipy.stats.t.ppf(0.975, freedom)
        assert student_t(freedom) == pytest.approx(expected, abs=1e-9)

    def test_an_interval(self):
        values = np.random.default_rng(3).normal(25, 3, 29)
        low, high = scipy.stats.t.interval(
            0.95, 28, loc=values.mean(), scale=scipy.stats.sem(values)
        )
        found = mean_with_interval(list(values))
        assert found.value - found.half_width == pytest.approx(low)
        assert found.value + found.half_width == pytest.approx(high)
        assert found.count == 29

    def test_where_there_is_none(self):
        assert mean_with_interval([3.0]).half_width is None
        found = mean_with_interval([3.0, inf])
        assert (found.value, found.half_width) == (inf, None)

    def test_groups(self):
        rows = [
            replace(ROW, quality=q, method=m, ssim=s)
            for q, m, s in [(30, "b", 0.5), (5, "b", 0.7), (30, "a", None), (30, "b", 0.75)]
        ]
        found = summaries(rows)
        assert [(s.quality, s.method) for s in found] == [(5, "b"), (30, "b"), (30, "a")]
        assert found[1].means["ssim"].value == 0.625
        assert found[2].means["ssim"] is None


class TestPlan:
    @pytest.mark.parametrize(
        "changes",
        [
            {"qualities": (10, 101)},
            {"qualities": (0,)},
            {"qualities": (10, 10)},
            {"seed": -1},
            {"decoders": (python("JPEG", ""),)},
            {"decoders": (python("small A", ""),)},
            {"operator": SURROGATE, "decoders": (python("x", ""),)},
        ],
    )
    def test_what_cannot_be(self, folder, tiny, changes):
        with pytest.raises(InvalidSetting):
            plan_of(folder, tiny, **changes)

    def test_keys_differ_where_anything_does(self, folder, tiny):
        plan = plan_of(folder, tiny, decoders=(python("x", "pass"),))
        other_settings = Restoring("small", tiny, replace(SMALL, steps=3))
        lpips = Lpips("weights", lambda a, b: (a - b).abs().mean())
        keys = [e.key for image in plan.images for e in entries(plan, image)]
        assert len(set(keys)) == len(keys) == 2 * 2 * 4
        first = {e.method: e.key for e in entries(plan, plan.images[0]) if e.quality == 10}
        changes = {
            "seed": {"small S", "small A"},
            "restorings": {"small S", "small A"},
            "decoders": {"x"},
            "lpips": set(first),
            "protocol": set(first),
        }
        values = (7, (other_settings,), (python("x", "1"),), lpips, PAPER)
        for (name, changed), value in zip(changes.items(), values, strict=True):
            again = replace(plan, **{name: value})
            found = {e.method: e.key for e in entries(again, plan.images[0]) if e.quality == 10}
            assert {m for m in first if found[m] != first[m]} == changed, name
        slower = replace(plan, decoders=(replace(plan.decoders[0], seconds=9.0),))
        found = {e.method: e.key for e in entries(slower, plan.images[0]) if e.quality == 10}
        assert found == first
        plan.images[0].write_bytes(plan.images[0].read_bytes() + b"\0")
        found = {e.method: e.key for e in entries(plan, plan.images[0]) if e.quality == 10}
        assert not set(found.values()) & set(first.values())

    def test_a_folder_without_pictures(self, tmp_path):
        (tmp_path / "a.jpg").write_bytes(b"")
        (tmp_path / "b.png").mkdir()
        with pytest.raises(InvalidSetting):
            lossless_images(tmp_path)
        with pytest.raises(UnreadableFile):
            lossless_images(tmp_path / "none")


class TestEvaluate:
    def test_rows_are_what_they_say(self, folder, tiny):
        lpips = Lpips("difference", lambda a, b: (a - b).abs().mean())
        plan = plan_of(folder, tiny, decoders=(python("pillow", PILLOW),), lpips=lpips)
        events = drained(plan)
        scored = [e for e in events if isinstance(e, Scored)]
        assert [(e.row.image, e.row.quality, e.row.method) for e in scored] == [
            (image, quality, method)
            for image in ("a.png", "b.png")
            for quality in (10, 50)
            for method in ("JPEG", "small S", "small A", "pillow")
        ]
        for event in scored:
            row = event.row
            with Image.open(folder / row.image) as image:
                truth = np.asarray(image)
            assert np.array_equal(event.original, truth)
            error = np.mean((event.result.astype(float) - truth) ** 2)
            assert row.psnr == pytest.approx(10 * np.log10(255**2 / error))
            assert (row.height, row.width) == truth.shape[:2]
            # Smaller than LPIPS's networks take: b's grey picture is large enough.
            assert (row.lpips is None) == (row.image == "a.png")
            ours = row.method.startswith("small")
            assert row.consistency_unrounded == (1.0 if ours else None)
            assert 0 < row.consistency <= 1
        by_method = {(e.row.image, e.row.quality, e.row.method): e for e in scored}
        for image, quality in (("a.png", 10), ("b.png", 50)):
            jpeg, other = (by_method[image, quality, m] for m in ("JPEG", "pillow"))
            assert np.array_equal(jpeg.result, other.result)
            assert jpeg.row.psnr == other.row.psnr
            first, mean = (by_method[image, quality, m].row for m in ("small S", "small A"))
            assert first.seconds == pytest.approx(mean.seconds / 2)
            assert first.psnr != mean.psnr
        assert any(isinstance(e, Sampling) for e in events)

    def test_the_first_sample_is_the_result_of_one(self, folder, tiny):
        one = Restoring("one", tiny, replace(SMALL, samples=1))
        rows = {r.method: r for r in rows_of(plan_of(folder, tiny)) if r.quality == 10}
        alone = {
            r.method: r
            for r in rows_of(plan_of(folder, tiny, restorings=(one,)))
            if r.quality == 10
        }
        assert alone["one S"].psnr == alone["one A"].psnr == rows["small S"].psnr

    def test_only_what_is_wanted_is_made(self, folder, tiny):
        plan = plan_of(folder, tiny)
        events = drained(plan, lambda e: e.method == "small A" and e.quality == 50)
        made = [(e.row.image, e.row.method) for e in events if isinstance(e, Scored)]
        assert made == [(i, m) for i in ("a.png", "b.png") for m in ("small S", "small A")]
        assert drained(plan, lambda _: False) == []

    @pytest.mark.parametrize("protocol", Protocol)
    def test_with_the_surrogate(self, tmp_path, tiny, protocol):
        saved(tmp_path, "a.png", photograph(50, 37))
        plan = plan_of(tmp_path, tiny, operator=SURROGATE, protocol=protocol, qualities=(20,))
        rows = {r.method: r for r in rows_of(plan)}
        side = (256, 256) if protocol is PAPER else (32, 48)
        assert {(r.width, r.height) for r in rows.values()} == {side}
        assert rows["small A"].consistency_unrounded == 1.0

    def test_a_bad_picture_is_named_and_the_others_go_on(self, folder, tiny):
        (folder / "aa.png").write_bytes(b"\x89PNG\r\n\x1a\nnothing")
        events = drained(plan_of(folder, tiny))
        (failed,) = (e for e in events if isinstance(e, Failed))
        assert failed.image.name == "aa.png"
        assert isinstance(failed.error, NotAPicture)
        assert sum(isinstance(e, Scored) for e in events) == 12

    def test_a_bad_decoder_costs_its_own_rows(self, folder, tiny):
        plan = plan_of(folder, tiny, decoders=(python("bad", "raise SystemExit(2)"),))
        events = drained(plan)
        failed = [e for e in events if isinstance(e, Failed)]
        assert [(e.entries[0].method, e.entries[0].quality) for e in failed] == [
            ("bad", 10), ("bad", 50), ("bad", 10), ("bad", 50),
        ]  # fmt: skip
        assert sum(isinstance(e, Scored) for e in events) == 12

    def test_a_quality_factor_that_fails_costs_its_own_rows(self, folder, tiny, monkeypatch):
        from ddrm_core.evaluation import evaluate as module

        def failing(pixels, quality, *rest):
            if quality == 10:
                raise ReaderFailed("no")
            return compress(pixels, quality, *rest)

        monkeypatch.setattr(module, "compress", failing)
        events = drained(plan_of(folder, tiny))
        failed = [e for e in events if isinstance(e, Failed)]
        assert [len(e.entries) for e in failed] == [3, 3]
        assert {e.row.quality for e in events if isinstance(e, Scored)} == {50}

    def test_a_picture_that_vanishes(self, folder, tiny):
        plan = plan_of(folder, tiny)
        (folder / "a.png").unlink()
        events = drained(plan)
        assert [type(e.error) for e in events if isinstance(e, Failed)] == [UnreadableFile]
        assert {e.row.image for e in events if isinstance(e, Scored)} == {"b.png"}

    def test_cancelling_ends_it(self, folder, tiny):
        token = CancelToken()
        events = evaluate(plan_of(folder, tiny), lambda _: True, token)
        next(events)
        token.cancel()
        with pytest.raises(Cancelled):
            list(events)

    def test_without_restoring(self, folder, tiny):
        rows = rows_of(plan_of(folder, tiny, restorings=()))
        assert [r.method for r in rows] == ["JPEG"] * 4
