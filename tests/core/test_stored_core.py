"""Everything that the core of 0.1.0 stored is read, value by value."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from ddrm_core.batch.manifest.entries import ManifestEntry
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.manifest.manifest import Manifest
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.evaluation import plan as evaluation_plan
from ddrm_core.evaluation.plan import EvaluationPlan, RestorationMethod, plan_measurements
from ddrm_core.evaluation.protocol import EvaluationProtocol, OperatorKind
from ddrm_core.evaluation.rows import EvaluationRow, read_evaluation_rows
from ddrm_core.export.replay import (
    assumption_from_record,
    read_run_record,
    region_from_record,
)
from ddrm_core.export.run_record import JpegRunRecord
from ddrm_core.export.settings import ExportSettings
from ddrm_core.formats.load import load_image
from ddrm_core.imaging.rectangle import Rectangle
from ddrm_core.metadata.model import MetadataPolicy
from ddrm_core.metadata.xmp import read_run_record_properties
from ddrm_core.prior.checkpoint import load_prior
from ddrm_core.prior.store.library import PriorLibrary
from ddrm_core.restoration.assumption import CompressionAssumption
from ddrm_core.restoration.source import open_source_image
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.settings import NoiseSpacing, SamplerSettings
from tests.support.stored_by_0_1_0 import OTHER, SAMPLER, STORED, copy_priors

CPU = torch.device("cpu")
PAPER = SamplerSettings(
    steps=2,
    samples=2,
    start=300,
    correction="paper",
    eta=1.0,
    antithetic=False,
    start_factor=4.5,
    end_factor=0.7,
    spacing=NoiseSpacing.UNIFORM,
    temperature=1.0,
    momentum=0.0,
    turned_views=False,
    correction_parameters=(PaperParameters(0.4), BinsParameters(1.75)),
)
PRIOR_SHA256 = "7d5585e4a9ec9c9349a522957b9e2f161ed82c389e82c1d9a3c5884508064f13"


@pytest.fixture(scope="module")
def priors(tmp_path_factory) -> PriorLibrary:
    """Return a library with the priors that version 0.1.0 imported, without a bundled prior."""
    folder = copy_priors(tmp_path_factory.mktemp("data") / "priors")
    return PriorLibrary(folder / "compact.safetensors", folder)


class TestJournalOfAFolder:
    SAMPLER = replace(PAPER, start=250, eta=0.75).with_parameters(PaperParameters(0.25))
    DELIVERY = ExportSettings(
        bits=16,
        policy=MetadataPolicy.NO_GPS,
        bake_orientation=True,
        jpeg_quality=80,
        same_levels=False,
        sharpness=0.25,
        sample=1,
    )
    SETTINGS = BatchSettings(
        sampler=SAMPLER,
        seed=12345,
        assumption=CompressionAssumption(quality=15, grid=None, sampling=None),
        export=DELIVERY,
        tolerate_damage=True,
        max_pixels=20_000_000,
    )
    SOURCE = "118c5a7812b9ff626019953e0fc891f363f0060384625ea4030bc2e59d90b36f"

    def test_a_result_is_found_by_content_and_settings(self, tmp_path):
        folder = Path(shutil.copytree(STORED / "batch", tmp_path / "batch"))
        choices = self.SETTINGS.compute_sha256(PRIOR_SHA256, ".png")
        (entry,) = Manifest(folder).find_results(self.SOURCE, choices)
        line = json.loads((folder / MANIFEST_NAME).read_bytes().splitlines()[1])
        assert entry == ManifestEntry(
            source_sha256=self.SOURCE,
            settings_sha256="1bf6ce32015fc616344882da98db7ee87fdced14667ce04179caf9e4a1f23622",
            target="IMG_1_restored.png",
            size=1428,
            mtime_ns=line["mtime_ns"],
            sha256="785addb4e4a859170d7f875fd42aa8c903adb259a0e1d6f2305be1c074355068",
            consistency=0.93359375,
            evaluations=4,
            seconds=line["seconds"],
            finished=line["finished"],
        )

    @pytest.mark.parametrize(
        "changed",
        [
            replace(SETTINGS, seed=1),
            replace(SETTINGS, sampler=SAMPLER.with_parameters(BinsParameters(1.0))),
            replace(SETTINGS, assumption=CompressionAssumption(16)),
            replace(SETTINGS, export=replace(DELIVERY, sharpness=0.0)),
        ],
        ids=["seed", "sampler", "assumption", "delivery"],
    )
    def test_other_settings_do_not_find_it(self, tmp_path, changed):
        folder = Path(shutil.copytree(STORED / "batch", tmp_path / "batch"))
        assert not [
            *Manifest(folder).find_results(
                self.SOURCE, changed.compute_sha256(PRIOR_SHA256, ".png")
            )
        ]


class TestPriors:
    def test_a_compact_prior_says_what_it_said(self, priors):
        info, noted = priors.verify("tiny")
        assert noted  # the file's checksum is stored beside it
        assert info.name == "tiny"
        assert info.sha256 == PRIOR_SHA256
        assert info.license == "CC0-1.0 of 0.1.0"
        assert info.training_data == "two squares of noise"
        assert info.sigma_range == (0.008, 1.25)
        assert info.size_multiple == 4
        assert (info.training_resolution, info.source_sha256) == (None, None)
        sigmas = [0.008, 0.016, 0.03, 0.06, 0.12, 0.24, 0.48, 0.8, 1.25]
        assert info.band_error_sigma.tolist() == pytest.approx(sigmas)
        assert info.band_error.shape == (9, 3, 64)
        assert info.band_error[0, 0, :3].tolist() == pytest.approx([1.7705, 1.77, 1.8327], abs=1e-4)

    def test_a_converted_checkpoint_says_what_it_said(self, priors):
        info, noted = priors.verify("tiny-adm")
        assert noted
        assert info.name == "tiny-adm"
        assert info.sha256 == "5e5dee8dcfe5a7bb03706f6b57c01c1b71e163cb30ffdbcf2049146dd29d2562"
        assert info.license == "not stated in its file"
        assert info.training_data == "not stated in its file"
        assert info.sigma_range == (0.0100005, 157.407)
        assert info.size_multiple == 2
        assert info.training_resolution == 32
        made_of = "377502d5a40a567248e21acb33ffac703d8a1faef507904bf166b74b0bfa6acc"
        assert info.source_sha256 == made_of
        assert (info.band_error, info.band_error_sigma) == (None, None)

    @pytest.mark.parametrize("name", ["tiny", "tiny-adm"])
    def test_it_estimates_what_it_estimated(self, priors, name):
        tensors = load_file(STORED / "priors" / "estimates.safetensors")
        prior = load_prior(priors.find_file(name), CPU, precision=torch.float32)
        found = prior.denoise(tensors["x"], 0.5, lambda: None)
        # Estimates are around 1; they differ by 1e-6 on CPUs with AVX2, by 1e-4 on others.
        torch.testing.assert_close(found, tensors[f"{name} at 0.5"], atol=1e-3, rtol=0)


def record(sampler: SamplerSettings, **others: object) -> JpegRunRecord:
    """Return the run record that 0.1.0 wrote for a run of the prior "tiny" with these settings.

    A run record has all settings except the start factor, which is replaced by the default here.
    """
    fixed = {
        "sampler": replace(sampler, start_factor=4.5),
        "correction_origin": None,
        "architecture_origin": None,
        "program": "DDRM Restore",
        "version": "0.1.0",
        "prior": "tiny",
        "prior_sha256": PRIOR_SHA256,
        "complete": True,
        "device": "cpu",
        "precision": "float32",
        "sampling": "4:2:0",
    }
    usual = {
        "sharpness": 0.0,
        "sample": 1,
        "baked_orientation": 1,
        "quality": 30,
        "quality_source": "tables",
        "grid": (0, 0),
        "region": None,
    }
    return JpegRunRecord(**(fixed | usual | others))


BINS = replace(SAMPLER, correction="bins")
PAIRS = replace(
    OTHER,
    correction="bins",
    antithetic=True,
    turned_views=True,
    spacing=NoiseSpacing.GEOMETRIC,
)
RESULTS = {
    "whole.png": (
        SAMPLER,
        {
            "seed": 2**63 - 1,
            "sharpness": 0.25,
            "sample": 2,
            "baked_orientation": 6,
            "inside": 0.79833984375,
            "exact": 0.79833984375,
        },
    ),
    "assumed.tiff": (
        OTHER,
        {
            "seed": 7,
            "quality": 20,
            "quality_source": "assumed",
            "grid": (3, 5),
            "region": (3, 2, 17, 19),
            "inside": 1.0,
            "exact": 1.0,
        },
    ),
    "whole.webp": (
        BINS,
        {"seed": 8, "sharpness": 1.0, "inside": 0.89453125, "exact": 0.89453125},
    ),
    "same_levels.jpg": (PAIRS, {"seed": 9, "inside": 0.986328125, "exact": 0.986328125}),
}


class TestRecordsInResults:
    @pytest.mark.parametrize("name", RESULTS)
    def test_a_record_comes_back_as_settings(self, name):
        sampler, others = RESULTS[name]
        found = read_run_record(STORED / "results" / name)
        assert found == record(sampler, **others)
        repeated = found.sampler
        assert replace(repeated, start_factor=sampler.start_factor) == sampler
        source = open_source_image(STORED / "results" / "source.jpg")
        assumed = name == "assumed.tiff"
        assert assumption_from_record(found, source) == (
            CompressionAssumption(20, (3, 5), None) if assumed else CompressionAssumption()
        )
        assert region_from_record(found) == (Rectangle(3, 2, 17, 19) if assumed else None)

    def test_a_record_of_lower_bits_has_every_property(self):
        packet = load_image(STORED / "results" / "dequantized.png").metadata.xmp
        assert read_run_record_properties(packet) == {
            "program": "DDRM Restore",
            "version": "0.1.0",
            "prior": "tiny",
            "prior_sha256": PRIOR_SHA256,
            "steps": "3",
            "samples": "2",
            "start": "400",
            "correction": "paper",
            "eta": "0.75",
            "eta_b": "0.25",
            "antithetic": "false",
            "error_factor": "1.25",
            "spacing": "uniform",
            "end_factor": "0.5",
            "temperature": "0.875",
            "momentum": "0.125",
            "turned_views": "false",
            "sharpness": "0.0",
            "sample": "1",
            "complete": "true",
            "seed": "10",
            "device": "cpu",
            "precision": "float32",
            "inside": "0.23801220575414123",
            "exact": "0.23801220575414123",
            "baked_orientation": "1",
            "bits_per_channel": "3",
            "shown_as": "lower-edge",
        }


class TestEvaluation:
    def test_rows_come_back(self):
        rows = read_evaluation_rows(STORED / "evaluation" / "rows.jsonl")
        methods = [(row.image, row.quality, row.method) for row in rows]
        names = ("JPEG", "paper S", "paper A")
        assert methods == [*(("a.png", 10, name) for name in names), ("b.png", 100, "JPEG")]
        assert rows[1] == EvaluationRow(
            key="7c2ea659342db1e33f275573b38f0e4bc36eeeb59f143cbb8e5948d5fd6ce03e",
            image="a.png",
            quality=10,
            method="paper S",
            width=37,
            height=31,
            bits_per_pixel=4.7637314734088925,
            seconds=rows[1].seconds,
            psnr=11.346593636211907,
            ssim=0.060011699477982364,
            psnr_b=16.31998902980699,
            lpips=None,
            consistency=0.9609375,
            consistency_unrounded=0.9658203125,
        )
        assert rows[3] == EvaluationRow(
            key="k" * 64,
            image="b.png",
            quality=100,
            method="JPEG",
            width=3,
            height=2,
            bits_per_pixel=24.5,
            seconds=0.5,
            psnr=float("inf"),
            ssim=None,
            psnr_b=float("inf"),
            lpips=0.25,
            consistency=1.0,
            consistency_unrounded=None,
        )

    def test_a_version_finds_its_own_rows_again(self, priors, monkeypatch):
        monkeypatch.setattr(evaluation_plan, "__version__", "0.1.0")
        prior = load_prior(priors.find_file("tiny"), CPU, precision=torch.bfloat16)
        image = STORED / "evaluation" / "a.png"
        plan = EvaluationPlan(
            image_paths=(image,),
            qualities=(10,),
            restoration_methods=(RestorationMethod("paper", prior, PAPER),),
            decoders=(),
            protocol=EvaluationProtocol.WHOLE_IMAGE,
            operator=OperatorKind.LIBJPEG,
            seed=5,
            lpips=None,
        )
        rows = read_evaluation_rows(STORED / "evaluation" / "rows.jsonl")
        assert [entry.key for entry in plan_measurements(plan, image)] == [
            row.key for row in rows[:3]
        ]
