"""Evaluations of a folder: the plan, the scores of its entries, and failures of single ones."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ddrm_core.cancel import CancelToken
from ddrm_core.errors import Cancelled, InvalidSetting, NotAPicture, UnreadableFile
from ddrm_core.evaluation.compression import compress
from ddrm_core.evaluation.evaluate import Failed, Sampling, Scored, evaluate
from ddrm_core.evaluation.plan import Plan, Restoring, entries, lossless_images
from ddrm_core.evaluation.protocol import OperatorKind, Protocol
from ddrm_core.evaluation.rows import Row
from ddrm_core.jpeg.libjpeg.client import ReaderFailed
from ddrm_core.metrics.lpips import Lpips
from ddrm_core.prior.denoiser import Prior
from tests.support.evaluation import PILLOW, SMALL, python, saved
from tests.support.pictures import photograph

WHOLE, PAPER = Protocol.WHOLE, Protocol.PAPER256
LIBJPEG, SURROGATE = OperatorKind.LIBJPEG, OperatorKind.SURROGATE


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
