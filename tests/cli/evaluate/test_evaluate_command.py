"""The evaluate command, as a researcher uses it."""

from __future__ import annotations

import csv
import json
import shlex
import subprocess
import sys
import types
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import numpy as np
import pytest
import scipy.stats
import torch

from app.cli.evaluate.command import REPORT_FILE_NAMES, ROWS_FILE_NAME
from app.cli.evaluate.reports.paper_table import format_latex_table, format_markdown_report
from app.cli.evaluate.reports.plot import render_rate_distortion_svg
from app.cli.evaluate.reports.tables import format_means_csv, format_results_json
from ddrm_core.evaluation import evaluate as evaluation
from ddrm_core.evaluation.rows import EvaluationRow, read_evaluation_rows
from ddrm_core.evaluation.statistics import summarize_methods
from ddrm_core.jpeg.libjpeg.client import LibjpegError
from tests.support.cli_pictures import opened

PILLOW = "from PIL import Image; import sys; Image.open(sys.argv[1]).save(sys.argv[2])"
DECODER = f"pillow={shlex.join([sys.executable, '-c', PILLOW])} {{in}} {{out}}"
QUICK = ("--presets", "fast", "--steps", 1, "--quality", "10,40")


@pytest.fixture
def folder(tmp_path, original) -> Path:
    """Return a folder with three small lossless images, one of them gray, and a text file."""
    folder = tmp_path / "ünï originals"
    folder.mkdir()
    original.crop((0, 0, 61, 43)).save(folder / "a.png")
    original.crop((30, 20, 78, 68)).save(folder / "b c.tif")
    original.crop((10, 9, 50, 49)).convert("L").save(folder / "grey.png")
    (folder / "notes.txt").write_text("no picture")
    return folder


@pytest.fixture
def out(tmp_path) -> Path:
    return tmp_path / "results" / "here"


def table_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_everything_is_measured_and_written(run, folder, out):
    result = run("evaluate", folder, "-o", out, *QUICK, "--decoder", DECODER, "--triptychs", 1)
    assert result.exit_code == 0, result.stderr
    assert {p.name for p in out.iterdir()} == {ROWS_FILE_NAME, *REPORT_FILE_NAMES, "triptychs"}
    rows = table_of(out / "results.csv")
    methods = ("JPEG", "fast S", "fast A", "pillow")
    assert [(r["image"], r["quality"], r["method"]) for r in rows] == [
        (i, q, m) for i in ("a.png", "b c.tif", "grey.png") for q in ("10", "40") for m in methods
    ]
    document = json.loads((out / "results.json").read_text())
    assert [r["psnr"] for r in document["rows"]] == [float(r["psnr"]) for r in rows]
    assert document["restorings"]["fast"]["steps"] == 1
    for mean in table_of(out / "means.csv"):
        place = (mean["quality"], mean["method"])
        values = [float(r["psnr"]) for r in rows if (r["quality"], r["method"]) == place]
        assert float(mean["psnr"]) == pytest.approx(np.mean(values))
        half_width = scipy.stats.t.ppf(0.975, 2) * scipy.stats.sem(values)
        assert float(mean["psnr_half_width"]) == pytest.approx(half_width)
        cell = f"{np.mean(values):.2f} ± {half_width:.2f}"
        assert f"| {mean['quality']} | {mean['method']} | 3 | {cell} |" in (
            out / "table.md"
        ).read_text("utf-8")
    assert "| QF | JPEG | fast S | fast A | pillow |" in result.stdout
    assert result.stdout.splitlines()[0] in (out / "table.md").read_text("utf-8")
    assert (out / "table.tex").read_text().count(r"\\") == 3
    assert "a.png: QF 10, JPEG: " in result.stderr


def test_triptychs_are_original_jpeg_and_result_in_a_row(run, folder, out):
    assert run("evaluate", folder, "-o", out, *QUICK, "--triptychs", 1).exit_code == 0
    files = {p.name.rsplit("_", 1)[0]: p for p in (out / "triptychs").iterdir()}
    assert set(files) == {"a_qf10_fast_A", "a_qf40_fast_A"}
    shown = np.asarray(opened(files["a_qf10_fast_A"]))
    assert shown.shape == (43, 3 * 61 + 2 * 4, 3)
    truth = np.asarray(opened(folder / "a.png"))
    assert np.array_equal(shown[:, :61], truth)
    rows = {
        r.method: r
        for r in read_evaluation_rows(out / ROWS_FILE_NAME)
        if (r.image, r.quality) == ("a.png", 10)
    }
    for method, part in (("JPEG", shown[:, 65:126]), ("fast A", shown[:, 130:])):
        error = np.mean((part.astype(float) - truth) ** 2)
        assert rows[method].psnr == pytest.approx(10 * np.log10(255**2 / error))


def test_started_again_it_measures_what_is_missing_only(run, folder, out, monkeypatch):
    arguments = ("evaluate", folder, "-o", out, *QUICK)
    assert run(*arguments).exit_code == 0
    before = {name: (out / name).read_bytes() for name in REPORT_FILE_NAMES}
    lines = (out / ROWS_FILE_NAME).read_bytes().splitlines(keepends=True)
    lost = [n for n, line in enumerate(lines) if b'"b c.tif"' in line and b"fast A" in line]
    kept = [line for n, line in enumerate(lines) if n != lost[0]]
    (out / ROWS_FILE_NAME).write_bytes(b"".join(kept) + lines[lost[0]][:40])  # truncated row
    compressed = []
    true_compress = evaluation.compress_with_libjpeg

    def counted(pixels, *rest):
        compressed.append(pixels.shape)
        return true_compress(pixels, *rest)

    monkeypatch.setattr(evaluation, "compress_with_libjpeg", counted)
    again = run(*arguments)
    assert again.exit_code == 0, again.stderr
    assert "17 of 18 results are there already" in again.stderr
    assert compressed == [(48, 48, 3)]
    for name in ("table.tex", "plot.svg"):
        assert (out / name).read_bytes() == before[name]
    assert len(table_of(out / "results.csv")) == 18
    assert run(*arguments).exit_code == 0
    assert len(compressed) == 1


def test_other_choices_are_other_measurements(run, folder, out):
    arguments = ("evaluate", folder, "-o", out, *QUICK)
    assert run(*arguments).exit_code == 0
    first = (out / "results.json").read_text()
    assert run(*arguments, "--seed", 3).exit_code == 0
    kinds = [r.method for r in read_evaluation_rows(out / ROWS_FILE_NAME)]
    assert (kinds.count("JPEG"), kinds.count("fast A")) == (6, 12)
    assert len(table_of(out / "results.csv")) == 18
    assert run(*arguments).exit_code == 0
    assert (out / "results.json").read_text() == first


def test_a_triptych_that_is_missing_is_made_again(run, folder, out):
    arguments = ("evaluate", folder, "-o", out, *QUICK)
    assert run(*arguments).exit_code == 0
    assert not (out / "triptychs").exists()
    assert run(*arguments, "--triptychs", 2).exit_code == 0
    assert len(list((out / "triptychs").iterdir())) == 4
    assert (
        len(table_of(out / "results.csv")) == len(read_evaluation_rows(out / ROWS_FILE_NAME)) == 18
    )
    assert run(*arguments, "--triptychs", 2, "--seed", 1).exit_code == 0
    assert len(list((out / "triptychs").iterdir())) == 8


def test_stopped_it_keeps_what_it_has_and_goes_on(run, folder, out, monkeypatch):
    true_evaluate = evaluation.evaluate_plan

    def interrupted(*arguments):
        for number, event in enumerate(true_evaluate(*arguments)):
            if number == 9:
                raise KeyboardInterrupt
            yield event

    arguments = ("evaluate", folder, "-o", out, *QUICK)
    with monkeypatch.context() as patched:
        patched.setattr(evaluation, "evaluate_plan", interrupted)
        result = run(*arguments)
    assert result.exit_code == 130
    assert "Stopped." in result.stderr
    kept = read_evaluation_rows(out / ROWS_FILE_NAME)
    assert 0 < len(kept) < 18
    assert run(*arguments).exit_code == 0
    assert read_evaluation_rows(out / ROWS_FILE_NAME)[: len(kept)] == kept
    assert (
        len({row.key for row in read_evaluation_rows(out / ROWS_FILE_NAME)})
        == len(read_evaluation_rows(out / ROWS_FILE_NAME))
        == 18
    )


def test_bad_files_and_bad_decoders_are_named_and_the_rest_goes_on(run, folder, out):
    (folder / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    bad = f"bad={sys.executable} -c 'raise SystemExit(\"no licence\")' {{in}} {{out}}"
    result = run("evaluate", folder, "-o", out, *QUICK, "--decoder", bad)
    assert result.exit_code == 1
    errors = [line for line in result.stderr.splitlines() if line.startswith("Error: ")]
    assert len(errors) == 7
    assert sum("b.png cannot be read" in line for line in errors) == 1
    grey = f"Error: {folder / 'grey.png'}, QF 40, bad: the program ended with status 1: no licence."
    assert sum(line.startswith(grey) for line in errors) == 1
    assert len(table_of(out / "results.csv")) == 18
    assert "7 failed" in result.stderr
    (folder / "b.png").unlink()
    assert run("evaluate", folder, "-o", out, *QUICK).exit_code == 0


def test_what_libjpeg_refuses_is_worded(run, folder, out, monkeypatch):
    def failing(*_):
        raise LibjpegError("the levels are too large")

    monkeypatch.setattr(evaluation, "compress_with_libjpeg", failing)
    result = run("evaluate", folder, "-o", out, *QUICK)
    assert result.exit_code == 1
    assert result.stderr.count("libjpeg reports that the levels are too large") == 6


def test_nothing_but_failures_writes_no_tables(run, tmp_path, out):
    (tmp_path / "a.png").write_bytes(b"text")
    result = run("evaluate", tmp_path, "-o", out, *QUICK)
    assert result.exit_code == 1
    assert list(out.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("--quality", "10,x"), "quality"),
        (("--quality", "0"), "quality"),
        (("--quality", "10,10"), "quality"),
        (("--presets", "fast,slow"), "presets"),
        (("--steps", "0"), "steps"),
        (("--decoder", "name"), "decoder"),
        (("--decoder", "JPEG=x {in} {out}"), "method"),
        (("--decoder", "x=y {in} {out}", "--operator", "surrogate"), "decoder"),
        (("--operator", "other"), "operator"),
        (("--protocol", "other"), "protocol"),
        (("--triptychs", "-1"), "triptychs"),
        (("--seed", "-1"), "seed"),
    ],
)
def test_wrong_usage(run, folder, out, arguments, word):
    result = run("evaluate", folder, "-o", out, *arguments)
    assert result.exit_code == 2, result.stderr
    assert word in result.stderr
    assert "Traceback" not in result.stderr
    assert not out.exists()


def test_what_is_no_folder_of_pictures(run, folder, out, tmp_path):
    assert run("evaluate", tmp_path / "none", "-o", out).exit_code == 1
    (tmp_path / "empty").mkdir()
    assert run("evaluate", tmp_path / "empty", "-o", out).exit_code == 2
    assert run("evaluate", folder / "a.png", "-o", out).exit_code == 1
    assert run("evaluate", folder, "-o", folder / "a.png" / "b").exit_code == 1


def test_other_files_of_these_names_are_not_replaced(run, folder, out):
    out.mkdir(parents=True)
    (out / "table.md").write_text("mine")
    refused = run("evaluate", folder, "-o", out, *QUICK)
    assert refused.exit_code == 1
    assert "table.md exists already" in refused.stderr
    assert (out / "table.md").read_text() == "mine"
    assert run("evaluate", folder, "-o", out, *QUICK, "--overwrite").exit_code == 0
    assert (out / "table.md").read_text() != "mine"


def test_lpips_from_the_package(run, folder, out, monkeypatch):
    class Network(torch.nn.Module):
        def __init__(self, net: str, *, verbose: bool) -> None:
            super().__init__()
            assert not verbose
            self.net = net

        def forward(self, a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
            return (a - b).abs().mean()

    monkeypatch.setitem(sys.modules, "lpips", types.SimpleNamespace(LPIPS=Network))
    arguments = ("evaluate", folder, "-o", out, "--presets", "none", "--quality", 20)
    assert run(*arguments, "--lpips", "package:alex").exit_code == 0
    for row in read_evaluation_rows(out / ROWS_FILE_NAME):
        assert 0 < row.lpips < 1
    assert "PSNR / SSIM / LPIPS" in (out / "table.md").read_text("utf-8")


def test_lpips_weights_that_are_none(run, folder, out):
    result = run("evaluate", folder, "-o", out, "--lpips", folder / "notes.txt")
    assert result.exit_code == 2
    assert "notes.txt" in result.stderr
    assert run("evaluate", folder, "-o", out, "--lpips", folder / "none").exit_code == 1


def test_the_paper_protocol_with_its_operator(run, folder, out):
    quick = ("--presets", "paper", "--steps", 2, "--samples", 2, "--quality", 10)
    options = ("--protocol", "paper256", "--operator", "surrogate")
    result = run("evaluate", folder, "-o", out, *quick, *options)
    assert result.exit_code == 0, result.stderr
    rows = read_evaluation_rows(out / ROWS_FILE_NAME)
    assert {(r.width, r.height) for r in rows} == {(256, 256)}
    assert [r.method for r in rows] == ["JPEG", "paper S", "paper A"] * 3


def test_two_priors_are_told_apart(run, folder, out, tmp_path):
    from ddrm_core.prior.bundled import BUNDLED_PRIOR_PATH

    copy = tmp_path / "mine.safetensors"
    copy.write_bytes(BUNDLED_PRIOR_PATH.read_bytes())
    priors = ("--prior", "compact", "--prior", copy)
    assert run("evaluate", folder, "-o", out, *QUICK, *priors).exit_code == 0
    found = {
        r.method: r.psnr for r in read_evaluation_rows(out / ROWS_FILE_NAME) if r.image == "a.png"
    }
    assert list(found) == ["JPEG", "fast compact S", "fast compact A", "fast mine S", "fast mine A"]
    assert found["fast compact A"] == found["fast mine A"]


def test_help_and_wrong_usage_do_not_wait_for_torch(folder, out):
    code = (
        "import sys; from app.cli.program import program\n"
        f"try: program(['evaluate', {str(folder)!r}, '-o', {str(out)!r}, '--quality', 'x'])\n"
        "except SystemExit as end: status = end.code\n"
        "sys.exit(10 * status + int('torch' in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=False, capture_output=True)
    assert done.returncode == 20


def row(method: str, quality: int, psnr: float, rate: float, **others) -> EvaluationRow:
    values = {"ssim": 0.75, "lpips": None, "consistency": 0.99999, **others}
    return EvaluationRow(
        key=f"{method}{quality}{psnr}",
        image="a.png",
        quality=quality,
        method=method,
        width=3,
        height=4,
        bits_per_pixel=rate,
        seconds=1.0,
        psnr=psnr,
        psnr_b=psnr - 1,
        consistency_unrounded=None,
        **values,
    )


class TestReports:
    def test_names_cannot_break_a_table(self):
        found = summarize_methods([row("a|b & c_d% \\ {x}~^#$\n", 5, 20.0, 0.5)])
        text = format_markdown_report(found)
        for line in text.splitlines():
            if line.startswith("|"):
                assert line.count("|") in (3, 10)
        tex = format_latex_table(found).splitlines()
        expected = r"a/b \& c\_d\% \textbackslash{} \{x\}\textasciitilde{}\textasciicircum{}\#\$"
        assert tex[2] == rf"QF & {expected} \\"
        ElementTree.fromstring(render_rate_distortion_svg(found))

    def test_a_share_is_100_only_where_nothing_is_missing(self):
        assert "| 99.99 |" in format_markdown_report(summarize_methods([row("x", 5, 20.0, 0.5)]))
        assert "| 100.00 |" in format_markdown_report(
            summarize_methods([row("x", 5, 20.0, 0.5, consistency=1.0)])
        )

    def test_what_was_not_measured_is_a_dash(self):
        rows = [row("x", 5, 20.0, 0.5, lpips=0.25), row("y", 5, 21.0, 0.5, ssim=None)]
        text = format_markdown_report(summarize_methods([*rows, row("x", 10, 22.0, 0.5)]))
        assert "| 5 | 20.00 / 0.750 / 0.250 | 21.00 / - / - |" in text
        assert "| 10 | 22.00 / 0.750 / - | - / - / - |" in text

    def test_infinity_is_written_as_such(self):
        found = summarize_methods([row("x", 5, float("inf"), 0.5)])
        assert "| inf |" in format_markdown_report(found)
        assert json.loads(format_results_json({}, [], found))["means"][0]["psnr"]["mean"] == "inf"
        assert "inf" in format_means_csv(found)
        ElementTree.fromstring(render_rate_distortion_svg(found))

    def test_the_plot_has_a_point_for_each_mean_in_its_place(self):
        points = {("x", 5): (0.25, 21.0), ("x", 30): (1.0, 30.0), ("y", 5): (0.25, 23.0)}
        rows = [row(m, q, psnr, rate) for (m, q), (rate, psnr) in points.items()]
        svg = ElementTree.fromstring(render_rate_distortion_svg(summarize_methods(rows)))
        space = "{http://www.w3.org/2000/svg}"
        circles = [(float(c.get("cx")), float(c.get("cy"))) for c in svg.iter(f"{space}circle")]
        assert len(circles) == 3
        # Coordinates in the diagram are linear in the values.
        found = dict(zip([("x", 5), ("x", 30), ("y", 5)], circles, strict=True))
        per_bit = (found["x", 30][0] - found["x", 5][0]) / 0.75
        per_db = (found["x", 5][1] - found["x", 30][1]) / 9
        assert per_bit > 0
        assert found["y", 5][0] == found["x", 5][0]
        assert found["y", 5][1] == pytest.approx(found["x", 5][1] - 2 * per_db, abs=0.02)
        words = {t.text: t for t in svg.iter(f"{space}text")}
        tick = float(words["22"].get("y")) - 4
        assert tick == pytest.approx(found["x", 5][1] - per_db, abs=0.02)
        assert float(words["0.4"].get("x")) == pytest.approx(
            found["x", 5][0] + 0.15 * per_bit, abs=0.02
        )
        assert {"bits per pixel", "PSNR, dB", "x", "y"} <= set(words)

    @pytest.mark.parametrize("values", [[(0.5, 20.0)], [(0.5, 20.0), (0.50001, 20.0)], []])
    def test_a_plot_of_next_to_nothing(self, values):
        rows = [row("x", q, psnr, rate) for q, (rate, psnr) in enumerate(values, 1)]
        svg = render_rate_distortion_svg(summarize_methods(rows))
        ElementTree.fromstring(svg)
        assert "nan" not in svg
