"""A training session for its user: a folder of photographs, a kill, a prior that restores."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from safetensors import safe_open
from scipy.fft import dctn
from skimage.metrics import peak_signal_noise_ratio

from ddrm_core.cancel import CancelToken
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.restoration.restore import restore
from ddrm_core.restoration.run import create_jpeg_run
from ddrm_core.sampler.settings import SamplerSettings
from ddrm_core.training.__main__ import EXIT_DONE, EXIT_FAILED, EXIT_STOPPED, main
from ddrm_core.training.checkpoint import load_state
from ddrm_core.training.state import build_averaged_network, create_random_network
from ddrm_core.training.trained_prior import (
    BAND_ERROR_SIGMAS,
    compute_estimate_errors,
    create_trained_prior,
    measure_band_error,
)
from tests.support.paths import ROOT
from tests.support.pictures import jpeg_of
from tests.support.small_training import tensors_of, tiny_state, write_photographs

CPU = torch.device("cpu")
SMALL = ["--channels", "8,12", "--blocks", "1", "--middle", "1", "--patch", "16", "--batch", "2"]


@pytest.fixture(scope="module", autouse=True)
def own_signals() -> Iterator[None]:
    """Restore the handlers of SIGTERM and SIGINT, which a session replaces, after all tests.

    The scope is that of the run that the tests share, which replaces them first.
    """
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_photographs(tmp_path_factory.mktemp("training") / "photographs")


@pytest.fixture(scope="module")
def trained(folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("run")
    assert main([str(folder), "--out", str(out), *SMALL, "--iterations", "60"]) == EXIT_DONE
    return out


def rows_of(out: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (out / "log.jsonl").read_text("utf-8").splitlines()]


class TestLog:
    def test_it_can_be_plotted(self, trained):
        rows = rows_of(trained)
        assert [row["kind"] for row in rows] == ["train", "train", "validation"]
        assert [row["iteration"] for row in rows] == [50, 60, 60]
        for row in rows[:2]:
            assert 0 < row["loss"] < 2
            assert row["patches_per_second"] > 0
            assert 0 <= row["waiting_share"] <= 1
        for average in rows[2]["averages"].values():
            assert average["noise"].keys() == {"15", "25", "50"}
            assert len(average["timestep"]) == 5
            assert average["noise"]["15"] > average["noise"]["25"] > average["noise"]["50"] > 10
            assert average["qf10"] > 15
            assert average["qf10_jpeg"] > 15

    def test_the_jpeg_s_psnr_is_pillow_s(self, trained, folder):
        with Image.open(folder / "07.png") as image:
            pixels = np.asarray(image)[5:165, 1:161]
        Image.fromarray(pixels).save(buffer := BytesIO(), "JPEG", quality=10, subsampling=2)
        decoded = np.asarray(Image.open(buffer))
        logged = rows_of(trained)[-1]["averages"]["0.999"]["qf10_jpeg"]
        assert logged == pytest.approx(peak_signal_noise_ratio(pixels, decoded), abs=1e-3)


class TestContinuing:
    def test_killed_and_continued_is_never_killed(self, folder, tmp_path):
        parted, straight = tmp_path / "parted", tmp_path / "straight"
        options = [*SMALL, "--seed", "5", "--device", "cpu"]
        command = [sys.executable, "-m", "ddrm_core.training", str(folder), "--out", str(parted)]
        with subprocess.Popen(
            [*command, *options],
            cwd=ROOT,
            env=os.environ | {"OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            text=True,
        ) as running:
            assert running.stdout is not None
            while json.loads(running.stdout.readline())["kind"] != "train":
                pass
            running.send_signal(signal.SIGTERM)
            running.stdout.read()
        assert running.returncode == EXIT_STOPPED
        stopped, _ = load_state(parted / "state.safetensors", CPU)
        end = str(stopped.iteration + 7)
        assert stopped.iteration >= 50
        assert main([str(folder), "--out", str(parted), *options, "--iterations", end]) == EXIT_DONE
        assert (
            main([str(folder), "--out", str(straight), *options, "--iterations", end]) == EXIT_DONE
        )
        one, other = (
            tensors_of(load_state(out / "state.safetensors", CPU)[0]) for out in (parted, straight)
        )
        for name, tensor in one.items():
            assert torch.equal(tensor, other[name]), name

    def test_a_fall_of_the_rate_ends_the_run(self, folder, trained, tmp_path):
        out = tmp_path / "run"
        out.mkdir()
        (out / "state.safetensors").write_bytes((trained / "state.safetensors").read_bytes())
        assert main([str(folder), "--out", str(out), "--decay", "5"]) == EXIT_DONE
        state, _ = load_state(out / "state.safetensors", CPU)
        assert state.iteration == 65
        assert rows_of(out)[0]["rate"] < 1e-3 / 4

    def test_another_network_or_seed_is_refused(self, folder, trained, capsys):
        run = [str(folder), "--out", str(trained), "--iterations", "61"]
        for option in (["--seed", "9"], ["--patch", "32"], ["--channels", "8,16"]):
            assert main([*run, *option]) == EXIT_FAILED
            assert "InvalidSetting" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "wrong",
        [
            ["--time", "0"],
            ["--batch", "0"],
            ["--decay", "0"],
            ["--patch", "20"],
            ["--device", "abacus"],
            ["--channels", "0"],
            ["--workers", "0"],
            ["--start", "absent.safetensors"],
        ],
        ids=" ".join,
    )
    def test_wrong_options(self, folder, tmp_path, capsys, wrong):
        assert main([str(folder), "--out", str(tmp_path / "run"), *wrong]) == EXIT_FAILED
        assert len(capsys.readouterr().err.splitlines()) == 1

    def test_a_folder_without_photographs(self, tmp_path, capsys):
        assert main([str(tmp_path), "--out", str(tmp_path / "run")]) == EXIT_FAILED
        assert str(tmp_path) in capsys.readouterr().err


@pytest.fixture(scope="module")
def exported(folder, trained, tmp_path_factory):
    path = tmp_path_factory.mktemp("prior") / "mine.safetensors"
    said = ["--name", "mine", "--licence", "CC0", "--training-data", "nine gradients"]
    assert main(["export", str(folder), str(path), "--run", str(trained), *said]) == EXIT_DONE
    return path


class TestExport:
    def test_it_loads_and_says_what_it_is(self, exported):
        info = load_prior(exported, CPU).info
        assert (info.name, info.license, info.training_data) == ("mine", "CC0", "nine gradients")
        assert info.size_multiple == 4
        assert info.band_error.shape == (9, 3, 64)
        assert (info.band_error > 0).all()

    def test_it_restores(self, exported, tmp_path):
        prior = load_prior(exported, CPU)
        run = create_jpeg_run(
            jpeg_of(tmp_path, 37, 31, quality=10),
            prior,
            SamplerSettings(steps=2, samples=1, antithetic=False),
            seed=0,
        )
        result = restore(run, CancelToken()).drain()
        assert result.consistency.inside_fraction == 1
        assert result.image.shape == (3, 37, 31)

    def test_a_run_goes_on_from_it(self, exported, folder, tmp_path):
        out = tmp_path / "run"
        run = [str(folder), "--out", str(out), "--start", str(exported), "--patch", "16"]
        assert main([*run, "--batch", "2", "--iterations", "1", "--rate", "1e-8"]) == EXIT_DONE
        state, _ = load_state(out / "state.safetensors", CPU)
        began = load_prior(exported, CPU, precision=torch.float32).network
        for name, weight in state.network.named_parameters():
            expected = began.get_parameter(name)
            torch.testing.assert_close(weight.detach(), expected, atol=1e-6, rtol=0)

    def test_its_weights_are_the_average_s(self, exported, trained):
        with safe_open(str(exported), "pt") as file:
            decay = float(file.metadata()["average"])
            found = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        state, _ = load_state(trained / "state.safetensors", CPU)
        expected = build_averaged_network(state, decay).state_dict()
        assert found.keys() == expected.keys() | {"band_error", "band_error_sigma"}
        for name, tensor in expected.items():
            assert torch.equal(found[name], tensor.half()), name

    def test_its_card_says_what_the_file_says(self, exported):
        card = exported.with_suffix(".md").read_text("utf-8")
        for fact in ("mine", "CC0", "nine gradients", "`mine.safetensors`", "120 patches", "8, 12"):
            assert fact in card

    def test_an_average_that_is_not_there(self, folder, trained, tmp_path, capsys):
        path = tmp_path / "p.safetensors"
        said = ["--name", "a", "--licence", "b", "--training-data", "c", "--average", "0.5"]
        assert main(["export", str(folder), str(path), "--run", str(trained), *said]) == EXIT_FAILED
        assert "0.9995" in capsys.readouterr().err
        assert not path.exists()


class TestBandErrors:
    def test_they_are_scipy_s(self, rng):
        crops = torch.rand(3, 3, 16, 24, generator=rng) * 2 - 1
        prior = create_trained_prior(
            build_averaged_network(tiny_state(), 0.5), crops, CPU, lambda: None
        )
        errors = torch.cat(
            compute_estimate_errors(prior, crops, BAND_ERROR_SIGMAS[5], lambda: None)
        ).double()
        red, green, blue = (errors * 127.5).unbind(1)
        luma = 0.299 * red + 0.587 * green + 0.114 * blue
        for place, plane in enumerate([luma, (blue - luma) / 1.772, (red - luma) / 1.402]):
            blocks = plane.unfold(1, 8, 8).unfold(2, 8, 8).numpy()
            bands = dctn(blocks, axes=(3, 4), norm="ortho")
            expected = np.sqrt(np.square(bands).mean((0, 1, 2))).reshape(64)
            found = prior.info.band_error[5, place].numpy()
            np.testing.assert_allclose(found, expected, rtol=1e-4)

    def test_of_a_network_that_says_nothing_they_are_known(self):
        crops = torch.zeros(8, 3, 64, 64)
        prior = create_trained_prior(
            create_random_network(tiny_state().config, seed=0), crops, CPU, lambda: None
        )
        sigma = 0.5
        found = measure_band_error(prior, crops, sigma, lambda: None)
        luma_gain = (0.299**2 + 0.587**2 + 0.114**2) ** 0.5
        expected = 0.25 / (0.25 + sigma**2) * sigma * 127.5 * luma_gain
        assert found[0].numpy() == pytest.approx(expected, rel=0.2)
        assert float(found[0].mean()) == pytest.approx(expected, rel=0.02)
