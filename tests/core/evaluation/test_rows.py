"""Rows of the evaluation: as stored, and their means as reported."""

from __future__ import annotations

import json
from dataclasses import replace
from math import inf

import numpy as np
import pytest
import scipy.stats

from ddrm_core.errors import UnreadableFile
from ddrm_core.evaluation.rows import (
    EvaluationRow,
    append_evaluation_rows,
    read_evaluation_rows,
    remove_partial_line,
    row_to_json,
)
from ddrm_core.evaluation.statistics import (
    compute_mean_with_interval,
    student_t_critical_value,
    summarize_methods,
)

ROW = EvaluationRow("k", "a.png", 10, "JPEG", 3, 4, 0.5, 0.1, inf, None, 30.0, None, 1.0, None)


class TestRows:
    def test_they_come_back_as_they_went(self, tmp_path):
        rows = [ROW, replace(ROW, key="l", psnr=31.25, ssim=0.5, lpips=0.25, image="ü\n.png")]
        for row in rows:
            append_evaluation_rows(tmp_path / "rows", [row])
        assert read_evaluation_rows(tmp_path / "rows") == tuple(rows)
        assert read_evaluation_rows(tmp_path / "none") == ()

    @pytest.mark.parametrize("kept", [0, 1, 20, -2, -1])
    def test_a_line_that_was_cut_off_costs_itself_only(self, tmp_path, kept):
        path = tmp_path / "rows"
        append_evaluation_rows(path, [ROW])
        whole = path.read_bytes()
        path.write_bytes(whole + whole[:kept])
        remove_partial_line(path)
        append_evaluation_rows(path, [replace(ROW, key="l")])
        assert [row.key for row in read_evaluation_rows(path)] == ["k", "l"]

    def test_what_is_no_row_is_passed_over(self, tmp_path):
        good = row_to_json(ROW)
        bad = [
            {**good, "psnr": "high"}, {**good, "quality": 1.5}, {**good, "psnr": None},
            {**good, "more": 1}, {**good, "key": 3}, {**good, "width": True}, [], 3, None,
        ]  # fmt: skip
        lines = [json.dumps(b).encode() for b in bad]
        lines += [b"", b"\xff\xfe", b"[" * 5000, b'{"key":', json.dumps(good).encode()]
        (tmp_path / "rows").write_bytes(b"\n".join(lines))
        assert read_evaluation_rows(tmp_path / "rows") == (ROW,)

    def test_a_folder_in_its_place(self, tmp_path):
        with pytest.raises(UnreadableFile):
            read_evaluation_rows(tmp_path)


class TestStatistics:
    @pytest.mark.parametrize("freedom", [1, 2, 3, 4, 9, 28, 999])
    def test_students_t(self, freedom):
        expected = scipy.stats.t.ppf(0.975, freedom)
        assert student_t_critical_value(freedom) == pytest.approx(expected, abs=1e-9)

    def test_an_interval(self):
        values = np.random.default_rng(3).normal(25, 3, 29)
        low, high = scipy.stats.t.interval(
            0.95, 28, loc=values.mean(), scale=scipy.stats.sem(values)
        )
        found = compute_mean_with_interval(list(values))
        assert found.value - found.half_width == pytest.approx(low)
        assert found.value + found.half_width == pytest.approx(high)
        assert found.image_count == 29

    def test_where_there_is_none(self):
        assert compute_mean_with_interval([3.0]).half_width is None
        found = compute_mean_with_interval([3.0, inf])
        assert (found.value, found.half_width) == (inf, None)

    def test_groups(self):
        rows = [
            replace(ROW, quality=q, method=m, ssim=s)
            for q, m, s in [(30, "b", 0.5), (5, "b", 0.7), (30, "a", None), (30, "b", 0.75)]
        ]
        found = summarize_methods(rows)
        assert [(s.quality, s.method) for s in found] == [(5, "b"), (30, "b"), (30, "a")]
        assert found[1].means_by_metric["ssim"].value == 0.625
        assert found[2].means_by_metric["ssim"] is None
