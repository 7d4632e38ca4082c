"""Evaluations of a folder: the plan, the scores of rows, and failures of measurements."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import InvalidSetting, OperationCancelled, UnreadableFile
from ddrm_core.evaluation.compression import compress_with_libjpeg
from ddrm_core.evaluation.evaluate import (
    MeasurementFinished,
    MeasurementProgressed,
    MeasurementsFailed,
    evaluate_plan,
)
from ddrm_core.evaluation.plan import (
    EvaluationPlan,
    RestorationMethod,
    find_lossless_images,
    plan_measurements,
)
from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.evaluation.rows import EvaluationRow
from ddrm_core.formats.unsupported_format import UnsupportedImage
from ddrm_core.jpeg.libjpeg.client import LibjpegError
from ddrm_core.metrics.lpips import LpipsMetric
from ddrm_core.prior.denoiser import Prior
from tests.support.evaluation import PILLOW, SMALL, python, saved
from tests.support.pictures import photograph

WHOLE, PAPER = EvaluationProtocol.WHOLE_IMAGE, EvaluationProtocol.PAPER256
LIBJPEG, SURROGATE = OperatorKind.LIBJPEG, OperatorKind.DDRM_PAPER


@pytest.fixture
def folder(tmp_path) -> Path:
    """Return a folder with two images of odd sizes, one of them gray."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    saved(pictures, "a.png", photograph(31, 37))
    saved(pictures, "b.png", photograph(40, 33, grey=True))
    return pictures


def plan_of(folder: Path, prior: Prior, **changes) -> EvaluationPlan:
    plan = EvaluationPlan(
        image_paths=find_lossless_images(folder),
        qualities=(10, 50),
        restoration_methods=(RestorationMethod("small", prior, SMALL),),
        decoders=(),
        protocol=WHOLE,
        operator=LIBJPEG,
        seed=0,
        lpips=None,
    )
    return replace(plan, **changes)


def drained(plan: EvaluationPlan, wanted=lambda _: True):
    return list(evaluate_plan(plan, wanted, CancelToken()))


def rows_of(plan: EvaluationPlan) -> list[EvaluationRow]:
    return [e.row for e in drained(plan) if isinstance(e, MeasurementFinished)]


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
        other_settings = RestorationMethod("small", tiny, replace(SMALL, steps=3))
        lpips = LpipsMetric("weights", lambda a, b: (a - b).abs().mean())
        keys = [e.key for image in plan.image_paths for e in plan_measurements(plan, image)]
        assert len(set(keys)) == len(keys) == 2 * 2 * 4
        first = {
            e.method_name: e.key
            for e in plan_measurements(plan, plan.image_paths[0])
            if e.quality == 10
        }
        changes = {
            "seed": {"small S", "small A"},
            "restoration_methods": {"small S", "small A"},
            "decoders": {"x"},
            "lpips": set(first),
            "protocol": set(first),
        }
        values = (7, (other_settings,), (python("x", "1"),), lpips, PAPER)
        for (name, changed), value in zip(changes.items(), values, strict=True):
            again = replace(plan, **{name: value})
            found = {
                e.method_name: e.key
                for e in plan_measurements(again, plan.image_paths[0])
                if e.quality == 10
            }
            assert {m for m in first if found[m] != first[m]} == changed, name
        slower = replace(plan, decoders=(replace(plan.decoders[0], timeout_seconds=9.0),))
        found = {
            e.method_name: e.key
            for e in plan_measurements(slower, plan.image_paths[0])
            if e.quality == 10
        }
        assert found == first
        plan.image_paths[0].write_bytes(plan.image_paths[0].read_bytes() + b"\0")
        found = {
            e.method_name: e.key
            for e in plan_measurements(plan, plan.image_paths[0])
            if e.quality == 10
        }
        assert not set(found.values()) & set(first.values())

    def test_a_folder_without_pictures(self, tmp_path):
        (tmp_path / "b.png").mkdir()
        with pytest.raises(InvalidSetting, match="a folder with lossless originals") as caught:
            find_lossless_images(tmp_path)
        assert "JPEG" not in str(caught.value)
        (tmp_path / "a.JPG").write_bytes(b"")
        with pytest.raises(InvalidSetting, match="JPEGs are not originals"):
            find_lossless_images(tmp_path)
        with pytest.raises(UnreadableFile):
            find_lossless_images(tmp_path / "none")


class TestEvaluate:
    def test_rows_are_what_they_say(self, folder, tiny):
        lpips = LpipsMetric("difference", lambda a, b: (a - b).abs().mean())
        plan = plan_of(folder, tiny, decoders=(python("pillow", PILLOW),), lpips=lpips)
        events = drained(plan)
        scored = [e for e in events if isinstance(e, MeasurementFinished)]
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
            assert np.array_equal(event.original_pixels, truth)
            error = np.mean((event.result_pixels.astype(float) - truth) ** 2)
            assert row.psnr == pytest.approx(10 * np.log10(255**2 / error))
            assert (row.height, row.width) == truth.shape[:2]
            # Smaller than LPIPS's networks allow; b's gray image is large enough.
            assert (row.lpips is None) == (row.image == "a.png")
            ours = row.method.startswith("small")
            assert row.consistency_unrounded == (1.0 if ours else None)
            assert 0 < row.consistency <= 1
        by_method = {(e.row.image, e.row.quality, e.row.method): e for e in scored}
        for image, quality in (("a.png", 10), ("b.png", 50)):
            jpeg, other = (by_method[image, quality, m] for m in ("JPEG", "pillow"))
            assert np.array_equal(jpeg.result_pixels, other.result_pixels)
            assert jpeg.row.psnr == other.row.psnr
            first, mean = (by_method[image, quality, m].row for m in ("small S", "small A"))
            assert first.seconds == pytest.approx(mean.seconds / 2)
            assert first.psnr != mean.psnr
        assert any(isinstance(e, MeasurementProgressed) for e in events)

    def test_the_first_sample_is_the_result_of_one(self, folder, tiny):
        one = RestorationMethod("one", tiny, replace(SMALL, samples=1))
        rows = {r.method: r for r in rows_of(plan_of(folder, tiny)) if r.quality == 10}
        alone = {
            r.method: r
            for r in rows_of(plan_of(folder, tiny, restoration_methods=(one,)))
            if r.quality == 10
        }
        assert alone["one S"].psnr == alone["one A"].psnr == rows["small S"].psnr

    def test_only_what_is_wanted_is_made(self, folder, tiny):
        plan = plan_of(folder, tiny)
        events = drained(plan, lambda e: e.method_name == "small A" and e.quality == 50)
        made = [(e.row.image, e.row.method) for e in events if isinstance(e, MeasurementFinished)]
        assert made == [(i, m) for i in ("a.png", "b.png") for m in ("small S", "small A")]
        assert drained(plan, lambda _: False) == []

    @pytest.mark.parametrize("protocol", EvaluationProtocol)
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
        (failed,) = (e for e in events if isinstance(e, MeasurementsFailed))
        assert failed.image_path.name == "aa.png"
        assert isinstance(failed.error, UnsupportedImage)
        assert sum(isinstance(e, MeasurementFinished) for e in events) == 12

    def test_a_bad_decoder_costs_its_own_rows(self, folder, tiny):
        plan = plan_of(folder, tiny, decoders=(python("bad", "raise SystemExit(2)"),))
        events = drained(plan)
        failed = [e for e in events if isinstance(e, MeasurementsFailed)]
        assert [(e.measurements[0].method_name, e.measurements[0].quality) for e in failed] == [
            ("bad", 10), ("bad", 50), ("bad", 10), ("bad", 50),
        ]  # fmt: skip
        assert sum(isinstance(e, MeasurementFinished) for e in events) == 12

    def test_a_quality_factor_that_fails_costs_its_own_rows(self, folder, tiny, monkeypatch):
        from ddrm_core.evaluation import evaluate as module

        def failing(pixels, quality, *rest):
            if quality == 10:
                raise LibjpegError("no")
            return compress_with_libjpeg(pixels, quality, *rest)

        monkeypatch.setattr(module, "compress_with_libjpeg", failing)
        events = drained(plan_of(folder, tiny))
        failed = [e for e in events if isinstance(e, MeasurementsFailed)]
        assert [len(e.measurements) for e in failed] == [3, 3]
        assert {e.row.quality for e in events if isinstance(e, MeasurementFinished)} == {50}

    def test_a_picture_that_vanishes(self, folder, tiny):
        plan = plan_of(folder, tiny)
        (folder / "a.png").unlink()
        events = drained(plan)
        assert [type(e.error) for e in events if isinstance(e, MeasurementsFailed)] == [
            UnreadableFile
        ]
        assert {e.row.image for e in events if isinstance(e, MeasurementFinished)} == {"b.png"}

    def test_cancelling_ends_it(self, folder, tiny):
        token = CancelToken()
        events = evaluate_plan(plan_of(folder, tiny), lambda _: True, token)
        next(events)
        token.cancel()
        with pytest.raises(OperationCancelled):
            list(events)

    def test_without_restoring(self, folder, tiny):
        rows = rows_of(plan_of(folder, tiny, restoration_methods=()))
        assert [r.method for r in rows] == ["JPEG"] * 4
