"""The hash of the settings of a batch equals the one in a manifest of version 0.1.0."""

from __future__ import annotations

from ddrm_core.batch.manifest.entries import parse_entry
from ddrm_core.batch.manifest.lines import MANIFEST_NAME
from ddrm_core.batch.settings import BatchSettings
from ddrm_core.export.settings import ExportSettings
from ddrm_core.sampler.corrections.bins import BinsParameters
from ddrm_core.sampler.corrections.paper import PaperParameters
from ddrm_core.sampler.settings import NoiseSpacing, SamplerSettings
from tests.support.paths import GOLDEN

STORED = GOLDEN / "batch_0.1.0"


def test_settings_have_the_hash_that_0_1_0_noted_down():
    """The hash of batch settings is the one that version 0.1.0 stored in its manifest.

    The settings of tests/golden/batch_0.1.0 are the preset "fast" with one step and one sample.
    """
    sampler = SamplerSettings(
        steps=1,
        samples=1,
        start=None,
        correction="bins",
        eta=1.0,
        antithetic=True,
        start_factor=4.5,
        end_factor=0.8,
        spacing=NoiseSpacing.GEOMETRIC,
        temperature=0.7,
        momentum=0.5,
        turned_views=True,
        correction_parameters=(PaperParameters(0.4), BinsParameters(1.75)),
    )
    prior = "babb1ec81594a3994aa9c3f07188df4e4ebdb01460c5c4a91039ede5191f8d01"
    lines = (STORED / "results" / MANIFEST_NAME).read_bytes().split(b"\n")
    noted = {entry.settings_sha256 for line in lines if (entry := parse_entry(line)) is not None}
    assert noted == {BatchSettings(sampler, redo=True).compute_sha256(prior, ".png")}


def test_another_strength_has_another_hash():
    sampler, prior = SamplerSettings(steps=1, samples=1), "prior"
    exports = (ExportSettings(), ExportSettings(strength=0.5), ExportSettings(strength=0.25))
    hashes = {BatchSettings(sampler, export=e).compute_sha256(prior, ".png") for e in exports}
    assert len(hashes) == len(exports)
