"""The benchmark command: its numbers as a table or JSON, and its errors."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial

import pytest

from app.cli.options.shared import choose_prior_name
from app.config.throughput_store import open_throughput_store
from ddrm_core import PROGRAM_NAME, __version__
from ddrm_core.performance.device_peaks import measure_peaks

TINY = ("--megapixels", 0.02, "--steps", 1, "--samples", 1, "--device", "cpu")
PARTS = {"prior", "tiling", "correction", "noise", "conversion", "the rest"}


@pytest.fixture(autouse=True)
def small_matrices(monkeypatch):
    monkeypatch.setattr(
        "ddrm_core.performance.benchmark.measure_peaks", partial(measure_peaks, matrix_rows=64)
    )


def leaves(document: object) -> Iterator[object]:
    if isinstance(document, dict):
        for value in document.values():
            yield from leaves(value)
    else:
        yield document


def test_json_has_every_number_and_nothing_else_is_said(run, monkeypatch):
    monkeypatch.setattr("app.cli.run.cost_estimate.MIN_RECORDED_SECONDS", 0.0)
    result = run("benchmark", *TINY, "--json")
    assert result.exit_code == 0, result.stderr
    document = json.loads(result.stdout)
    # The speed is recorded for estimates of later runs.
    assert open_throughput_store().list_by_size_class(choose_prior_name(None, None), "bins")
    assert {"device", "threads", "precision", "torch", "width", "height"} < set(document)
    assert document["evaluations"] == 1
    parts = document["parts"]
    assert set(parts) == PARTS
    assert sum(p["seconds"] for p in parts.values()) == pytest.approx(document["seconds"])
    assert sum(p["share"] for p in parts.values()) == pytest.approx(1)
    assert document["seconds_per_evaluation"] == document["seconds"]
    megapixels = document["width"] * document["height"] / 1e6
    assert document["seconds_per_megapixel_and_evaluation"] == pytest.approx(
        document["seconds"] / megapixels
    )
    network, peaks = document["network"], document["peaks_gflops"]
    assert set(network) == {"macs_per_pixel", "pixels", "useful_share", "gflops"}
    assert set(peaks) == {"convolutions", "matrix_float32", "matrix_bfloat16"}
    for name, percent in document["percent_of_peaks"].items():
        if peaks[name] is not None:
            assert percent == pytest.approx(100 * network["gflops"] / peaks[name])
    numbers = [leaf for leaf in leaves(document) if not isinstance(leaf, str)]
    assert all(leaf is None or leaf > 0 for leaf in numbers)
    assert "restoring" in result.stderr


def test_words_say_the_same(run):
    result = run("benchmark", *TINY)
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith(f"{PROGRAM_NAME} {__version__}\nPython ")
    numbers = ("threads", "evaluations: 1", "GFLOP/s", "matrix product, float32")
    for words in (*PARTS, "Processor: ", "System: ", *numbers):
        assert words in result.stdout


@pytest.mark.parametrize(
    "wrong",
    [
        ("--megapixels", 0),
        ("--megapixels", "nan"),
        ("--megapixels", 1000),
        ("--megapixels", "much"),
        ("--steps", 0),
        ("--samples", 1001),
        ("--preset", "slow"),
    ],
)
def test_wrong_usage(run, wrong):
    result = run("benchmark", *wrong)
    assert result.exit_code == 2
    assert result.stdout == ""


def test_ctrl_c_is_one_line(run, monkeypatch):
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("ddrm_core.performance.benchmark.warm_up_prior", interrupted)
    result = run("benchmark", *TINY)
    assert result.exit_code == 130
    assert result.stdout == ""
    assert result.stderr.endswith("Stopped.\n")
